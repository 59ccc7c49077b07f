// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static dev.holdfast.failure.Category.AUTH;
import static dev.holdfast.failure.Category.CONTENT_FILTER;
import static dev.holdfast.failure.Category.CONTEXT_LENGTH;
import static dev.holdfast.failure.Category.INVALID_REQUEST;
import static dev.holdfast.failure.Category.NOT_FOUND;
import static dev.holdfast.failure.Category.OVERLOADED;
import static dev.holdfast.failure.Category.PERMISSION;
import static dev.holdfast.failure.Category.QUOTA_EXHAUSTED;
import static dev.holdfast.failure.Category.RATE_LIMIT;
import static dev.holdfast.failure.Category.REQUEST_TOO_LARGE;
import static dev.holdfast.failure.Category.SERVER_ERROR;
import static dev.holdfast.failure.Category.TIMEOUT;
import static dev.holdfast.llm.error.Condition.all;
import static dev.holdfast.llm.error.Condition.code;
import static dev.holdfast.llm.error.Condition.status;
import static dev.holdfast.llm.error.Condition.text;

import java.util.List;

/** Model houses whose APIs have code systems of their own: Alibaba, Zhipu, Moonshot, MiniMax, Volcengine, SiliconFlow. */
final class AsianHouseRules {

    static final List<RuleTable> TABLES = List.of(
            RuleTable.of(
                    "dashscope",
                    "Alibaba DashScope (Qwen)",
                    List.of("dashscope", "alibaba", "alibaba_dashscope", "alibaba_qwen", "qwen"),
                    Rule.liar(
                            "allocated_quota",
                            RATE_LIMIT,
                            all(
                                    text(
                                            "allocated quota exceeded, requests throttling triggered, error code token limit"),
                                    status(0, 429))),
                    Rule.code(
                            "inspection",
                            CONTENT_FILTER,
                            code(
                                    "DataInspectionFailed, data_inspection_failed, InternalError.Algo.DataInspectionFailed")),
                    Rule.liar("arrears", QUOTA_EXHAUSTED, code("""
                            Arrearage, AllocationQuota.FreeTierOnly, CommodityNotPurchased, PrepaidBillOverdue, PostpaidBillOverdue
                            """)),
                    Rule.code("throttled", RATE_LIMIT, code("""
                            Throttling.RateQuota, Throttling.AllocationQuota, Throttling.BurstRate, Throttling.User, limit_requests
                            limit_burst_rate
                            """)),
                    Rule.code(
                            "rights", PERMISSION, code("Model.AccessDenied, App.AccessDenied, Workspace.AccessDenied")),
                    Rule.code("slow", TIMEOUT, code("RequestTimeOut, ResponseTimeout, InternalError.Timeout")),
                    Rule.code(
                            "inside", SERVER_ERROR, code("InternalError.Algo, ModelServiceFailed, ModelServingError")),
                    Rule.code("too_large", REQUEST_TOO_LARGE, code("BadRequest.TooLarge"))),
            RuleTable.of(
                    "zhipu",
                    "Zhipu (GLM, Z.ai)",
                    List.of("zhipu", "zhipuai", "glm", "zai", "z_ai"),
                    Rule.code("key", AUTH, code("1000, 1001, 1002, 1003, 1004, 1110, 1111, 1112")),
                    Rule.code("arrears", QUOTA_EXHAUSTED, code("1113, 1304, 1308, 1309, 1310")),
                    Rule.code("no_model", NOT_FOUND, code("1211")),
                    Rule.code("rights", PERMISSION, code("1220, 1311")),
                    Rule.code("context", CONTEXT_LENGTH, code("1261")),
                    Rule.code("content", CONTENT_FILTER, code("1300, 1301")),
                    Rule.code("limit", RATE_LIMIT, code("1302, 1303")),
                    Rule.code("busy", OVERLOADED, code("1305, 1312")),
                    Rule.code("network", SERVER_ERROR, code("1230, 1234"))),
            RuleTable.of(
                    "minimax",
                    "MiniMax",
                    List.of("minimax"),
                    Rule.code("key", AUTH, code("1004, 2049")),
                    Rule.code("balance", QUOTA_EXHAUSTED, code("1008, 2056")),
                    Rule.code("content", CONTENT_FILTER, code("1026, 1027")),
                    Rule.code("limit", RATE_LIMIT, code("1002, 1039, 1041, 2045")),
                    Rule.code("slow", TIMEOUT, code("1001")),
                    Rule.code("inside", SERVER_ERROR, code("1000, 1013, 1024, 1033")),
                    Rule.code("parameters", INVALID_REQUEST, code("1042, 2013"))),
            RuleTable.of(
                    "moonshot",
                    "Moonshot (Kimi)",
                    List.of("moonshot", "moonshotai", "kimi"),
                    Rule.code("limit", RATE_LIMIT, code("rate_limit_reached_error")),
                    Rule.code("balance", QUOTA_EXHAUSTED, code("exceeded_current_quota_error"))),
            RuleTable.of(
                    "volcengine",
                    "Volcengine Ark",
                    List.of("volcengine", "ark", "doubao", "bytedance"),
                    Rule.code(
                            "arrears",
                            QUOTA_EXHAUSTED,
                            code("AccountOverdueError, SetLimitExceeded, InvalidSubscription")),
                    Rule.code("limit", RATE_LIMIT, code("""
                            RateLimitExceeded, AccountRateLimitExceeded, ModelAccountRpmRateLimitExceeded
                            ModelAccountTpmRateLimitExceeded, RequestBurstTooFast, InflightBatchsizeExceeded
                            """)),
                    Rule.code("busy", OVERLOADED, code("ServerOverloaded, ModelLoadingError")),
                    Rule.code("content", CONTENT_FILTER, code("""
                            SensitiveContentDetected, InputTextSensitiveContentDetected, OutputTextSensitiveContentDetected
                            InputImageSensitiveContentDetected, OutputImageSensitiveContentDetected
                            """)),
                    Rule.code(
                            "no_model",
                            NOT_FOUND,
                            code("ModelNotOpen, InvalidEndpointOrModel.NotFound, InvalidEndpointOrModel")),
                    Rule.code("inside", SERVER_ERROR, code("InternalServiceError"))),
            RuleTable.of(
                    "siliconflow",
                    "SiliconFlow",
                    List.of("siliconflow"),
                    Rule.code("no_model", NOT_FOUND, code("20012, 30003")),
                    Rule.code("balance", QUOTA_EXHAUSTED, code("30001")),
                    Rule.code("busy", OVERLOADED, code("50505, 50603"))));

    private AsianHouseRules() {}
}
