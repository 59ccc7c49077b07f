// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.transport;

import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/** Passes the request's body through and tells when its last piece goes out: before the server can answer it. */
final class SentNotice implements Flow.Subscriber<ByteBuffer> {
    private final Flow.Subscriber<? super ByteBuffer> target;
    private final Runnable onLastPiece;
    private long bytesLeft;

    SentNotice(Flow.Subscriber<? super ByteBuffer> target, long bytesLeft, Runnable onLastPiece) {
        this.target = target;
        this.bytesLeft = bytesLeft;
        this.onLastPiece = onLastPiece;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        target.onSubscribe(subscription);
    }

    @Override
    public void onNext(ByteBuffer piece) {
        bytesLeft -= piece.remaining();
        if (bytesLeft == 0) {
            onLastPiece.run();
        }
        target.onNext(piece);
    }

    @Override
    public void onError(Throwable error) {
        target.onError(error);
    }

    @Override
    public void onComplete() {
        target.onComplete();
    }
}
