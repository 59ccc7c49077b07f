// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.call;

import dev.holdfast.gateway.internal.http.Endpoint;
import dev.holdfast.gateway.internal.http.Request;
import dev.holdfast.gateway.internal.http.Response;
import dev.holdfast.gateway.internal.route.ModelRoute;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.dialect.InvalidRequestException;
import dev.holdfast.llm.dialect.RawRequest;

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
        String callId = service.nextCallId();
        Outgoing outgoing = new Outgoing(service, wire, response, callId, "anonymous");
        try {
            Incoming incoming = new Incoming(request, RawRequest.read(request.body()), wire);
            ModelRoute route = service.live().route(incoming.model());
            if (route == null) {
                refuse(outgoing, 404, "model_not_found", "there is no model of this name; GET /v1/models lists them");
                return;
            }
            boolean stream = incoming.stream() && wire != Wire.EMBEDDINGS;
            outgoing.asked(route.name(), stream);
            if (service.isDraining()) {
                outgoing.fail(Verdict.draining(callId), Usage.NONE);
            } else if (stream) {
                StreamedCall call = new StreamedCall(service, incoming, outgoing, wire, response);
                new CallRun<>(service, wire, call, incoming, outgoing).start(route, response);
            } else {
                PlainCall call = new PlainCall(service, incoming, outgoing, wire);
                new CallRun<>(service, wire, call, incoming, outgoing).start(route, response);
            }
        } catch (InvalidRequestException e) {
            outgoing.fail(Verdict.of(e, callId), Usage.NONE);
        } catch (RuntimeException e) {
            Faults.log(outgoing.callId(), e);
            outgoing.fail(Verdict.internal(callId), Usage.NONE);
        }
    }

    private static void refuse(Outgoing outgoing, int status, String code, String message) {
        outgoing.fail(Verdict.refused(status, code, message, outgoing.callId()), Usage.NONE);
    }
}
