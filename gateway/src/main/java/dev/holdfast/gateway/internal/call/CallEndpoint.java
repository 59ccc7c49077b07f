// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.call;

import dev.holdfast.gateway.internal.access.Allowance;
import dev.holdfast.gateway.internal.access.Identity;
import dev.holdfast.gateway.internal.access.JsonBodies;
import dev.holdfast.gateway.internal.http.Endpoint;
import dev.holdfast.gateway.internal.http.Request;
import dev.holdfast.gateway.internal.http.Response;
import dev.holdfast.gateway.internal.route.ModelRoute;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.dialect.InvalidRequestException;
import dev.holdfast.llm.dialect.RawRequest;
import org.jspecify.annotations.Nullable;

/** Calls of one kind: a chat in one of the two dialects, plain and streamed, or embeddings. Thread-safe. */
public final class CallEndpoint implements Endpoint {
    private final Service service;
    private final Wire wire;

    private CallEndpoint(Service service, Wire wire) {
        this.service = service;
        this.wire = wire;
    }

    /** For {@code POST /v1/chat/completions}. */
    public static CallEndpoint openAi(Service service) {
        return new CallEndpoint(service, Wire.CHAT);
    }

    /** For {@code POST /v1/messages}. */
    public static CallEndpoint anthropic(Service service) {
        return new CallEndpoint(service, Wire.MESSAGES);
    }

    /** For {@code POST /v1/embeddings}. */
    public static CallEndpoint embeddings(Service service) {
        return new CallEndpoint(service, Wire.EMBEDDINGS);
    }

    @Override
    public void handle(Request request, Response response) {
        Outgoing outgoing = new Outgoing(service, wire, response, service.nextCallId());
        try {
            Verdict refusal = begin(request, response, outgoing);
            if (refusal != null) {
                outgoing.fail(refusal, Usage.NONE);
            }
        } catch (InvalidRequestException e) {
            outgoing.fail(Verdict.of(e, outgoing.callId()), Usage.NONE);
        } catch (RuntimeException e) {
            Faults.log(outgoing.callId(), e);
            outgoing.fail(Verdict.internal(outgoing.callId()), Usage.NONE);
        }
    }

    /** Why there is no call; null where one has begun. */
    private @Nullable Verdict begin(Request request, Response response, Outgoing outgoing) {
        String callId = outgoing.callId();
        Doors doors = service.doors();
        Identity identity = doors.identify(request.headers());
        if (!(identity instanceof Identity.Known client)) {
            return Verdict.refused(401, "invalid_api_key", ((Identity.Unknown) identity).message(), callId);
        }
        outgoing.by(client.name());
        if (JsonBodies.isOfAPage(request.headers()) && !JsonBodies.isTold(request.headers())) {
            return Verdict.refused(415, "unsupported_media_type", "send Content-Type: application/json", callId);
        }
        Incoming incoming = new Incoming(request, RawRequest.read(request.body()), wire);
        if (!client.mayAskFor(incoming.model())) {
            return Verdict.refused(403, "model_not_allowed", "your key may not ask for this model", callId);
        }
        ModelRoute route = service.live().route(incoming.model());
        if (route == null) {
            return Verdict.refused(
                    404, "model_not_found", "there is no model of this name; GET /v1/models lists them", callId);
        }
        boolean stream = incoming.stream() && wire != Wire.EMBEDDINGS;
        outgoing.asked(route.name(), stream);
        if (service.isDraining()) {
            return Verdict.draining(callId);
        }
        Allowance.Answer answer = doors.allowance(client).request(incoming.tokens());
        if (answer instanceof Allowance.Over over) {
            return Verdict.overLimit(over, callId);
        }
        outgoing.charged((Allowance.Charge) answer, incoming.tokens());
        if (stream) {
            StreamedCall call = new StreamedCall(service, incoming, outgoing, wire, response);
            new CallRun<>(service, wire, call, incoming, outgoing).start(route, response);
        } else {
            PlainCall call = new PlainCall(service, incoming, outgoing, wire);
            new CallRun<>(service, wire, call, incoming, outgoing).start(route, response);
        }
        return null;
    }
}
