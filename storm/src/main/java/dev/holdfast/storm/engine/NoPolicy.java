// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.engine;

/** No policy: one request, and whatever comes of it. */
public final class NoPolicy implements Engine {
    private final HttpTarget target;

    public NoPolicy(Surroundings surroundings) {
        this.target = surroundings.first();
    }

    @Override
    public String call(Question question) throws Exception {
        return target.ask(question);
    }
}
