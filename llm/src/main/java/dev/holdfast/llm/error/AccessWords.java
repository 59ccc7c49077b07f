// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static dev.holdfast.failure.Category.AUTH;
import static dev.holdfast.failure.Category.NOT_FOUND;
import static dev.holdfast.failure.Category.PERMISSION;
import static dev.holdfast.llm.error.Condition.all;
import static dev.holdfast.llm.error.Condition.any;
import static dev.holdfast.llm.error.Condition.code;
import static dev.holdfast.llm.error.Condition.not;
import static dev.holdfast.llm.error.Condition.status;
import static dev.holdfast.llm.error.Condition.text;

import java.util.List;

/** Words about keys, rights and models that outrank codes and statuses: who may use what, and what there is. */
final class AccessWords {

    static final List<Rule> RULES = List.of(
            Rule.liar("key", AUTH, all(text("""
                            invalid api key, invalid apikey, invalid x api key, invalid key, invalid subscription key, invalid api token
                            incorrect api key, wrong api key, api key not valid, api key is invalid, api key is not valid
                            api key invalid, api key expired, api key has expired, expired key, api key not found, api key was reported
                            api key is not set, api key not set, api key is not configured, api key not configured
                            api key must be set, api key has been, api key is required, api key required, no api key, missing api key, provide an api key
                            provide a valid api key, provide a valid key, must provide an api key, didnt provide an api key
                            not provide an api key, unregistered callers, please pass a valid api key
                            invalid authentication, invalid authorization, invalid bearer, invalid token, invalid access token
                            invalid proxy server token, invalid credentials, invalid username or password, bad credentials
                            authentication fails, authentication failed, authentication is currently not supported
                            authentication credentials were not, no auth credentials, no cookie auth, missing authentication
                            missing authorization, missing bearer, could not validate credentials, could not be validated
                            security token included in the request, signature we calculated, signature expired, signature not yet current
                            token has expired, token is expired, token expired, token has been revoked, expired token, token is invalid
                            bearer token is invalid, key has been revoked, key has been disabled, key is disabled, key is blocked
                            key is inactive, key is invalid, account has been disabled, account deactivated, account has been deactivated
                            organization has been disabled, organization has been restricted, unable to locate credentials
                            unable to load credentials, credentials were not found, request is missing required authentication
                            authentication required, authorization header, user not found, 无效的令牌, 令牌无效, 密钥无效
                            """), status(0, 400, 401, 403, 500, 503))),
            Rule.liar(
                    "rights",
                    PERMISSION,
                    all(
                            text("""
                            country region or territory, location is not supported, not supported in your country
                            not available in your country, not available in your region, unsupported country, in this region
                            must be verified, is not allowed to use, not allowed to access, not allowed to sample, not allowed to use
                            is not allowed for this, operation not allowed, request not allowed, permission denied, permissiondenied
                            does not have permission, do not have permission, dont have permission, doesnt have permission
                            lacks permission, lacks the required, insufficient permission, missing scopes, scope requirement
                            not authorized to, is not authorized, isnt authorized, not been granted, access to this model is
                            have access to the model with, have access to this, have access to model, have access to claude, not have access
                            access denied, access is denied, accessdenied, access is disabled, gated repo, gated model
                            not enabled for your, not enabled for this account, not enabled in your, not enabled for this project
                            been used in project, terms of service, terms acceptance, only authorized for, ip address
                            not permitted to, not entitled, can only access models, not included in your plan
                            requires a pro subscription, requires a subscription, upgrade your plan to, firewall rules
                            invalid model for team, invalid model for key, are blocked|
                            """),
                            not(text("does not exist, doesnt exist, or you do not have, or it does not exist")),
                            not(code("model_not_found, NOT_FOUND, not_found, not_found_error")),
                            status(0, 400, 401, 403))),
            Rule.liar(
                    "model_missing",
                    NOT_FOUND,
                    all(
                            any(text("""
                                    model not found, no such model, unknown model, invalid model, model identifier is invalid
                                    model id is invalid, not a valid model, model not exist, model does not exist, model is not found
                                    model doesnt exist, model not available, model is not available, model isnt available
                                    try pulling it first, no endpoints, no allowed providers, no models loaded, supported models
                                    available models are, valid models are, permitted models, deployment for this resource does not exist
                                    resource not found, decommissioned, is deprecated, has been deprecated, end of its life, end of life
                                    no longer available, no longer supported, been retired, is retired, been shut down, been discontinued
                                    was removed on, not found for api version, model not supported, the requested model is not supported
                                    unsupported model, not supported by any provider, on demand throughput
                                    requested entity was not found, marked by provider as legacy, 模型不存在
                                    """), all(text("model, models, deployment, endpoint, function"), text("""
                                            does not exist, doesnt exist, was not found, could not be found, cannot be found
                                            not found, is not available
                                            """))),
                            status(0, 400, 404, 410, 422, 500))));

    private AccessWords() {}
}
