// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.checkpoint;

import dev.holdfast.HoldfastRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Keeps each run in a file {@code <run>.checkpoint} of one directory. A checkpoint is written beside the old one, forced to the
 * disk, and put in its place in one step; then the directory is forced. So the file is always whole, whenever the process
 * or the machine stops. Its first line is the sequence number. Thread-safe.
 *
 * <p>Two processes that drive the same run at the very same moment are told apart only as far as one sees the other's
 * number; where that can happen use {@link JdbcCheckpointStore}.
 */
public final class DirectoryCheckpointStore implements CheckpointStore {
    private static final boolean CAN_FORCE_DIRECTORIES =
            !System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");

    private final Path directory;
    private final Executor executor;

    /** In this directory, made where it is missing; writes on {@link HoldfastRuntime#executor()}. */
    public DirectoryCheckpointStore(Path directory) {
        this(directory, HoldfastRuntime.executor());
    }

    /** @param executor where files are written: a thread per write in progress */
    public DirectoryCheckpointStore(Path directory, Executor executor) {
        this.directory = directory;
        this.executor = executor;
    }

    @Override
    public CompletionStage<Void> save(Checkpoint checkpoint) {
        return CompletableFuture.runAsync(() -> write(checkpoint), executor);
    }

    @Override
    public CompletionStage<@Nullable Checkpoint> load(String runId) {
        Path file = file(RunIds.require(runId));
        return CompletableFuture.supplyAsync(() -> read(runId, file), executor);
    }

    @Override
    public CompletionStage<Void> delete(String runId) {
        Path file = file(RunIds.require(runId));
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        Files.deleteIfExists(file);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                executor);
    }

    private Path file(String runId) {
        return directory.resolve(runId + ".checkpoint");
    }

    private void write(Checkpoint checkpoint) {
        Path file = file(checkpoint.runId());
        Path beside = directory.resolve(checkpoint.runId() + ".checkpoint.new");
        try {
            Files.createDirectories(directory);
            if (sequence(file) >= checkpoint.sequence()) {
                throw new CheckpointConflictException(checkpoint);
            }
            String text = checkpoint.sequence() + "\n" + checkpoint.json() + "\n";
            try (FileChannel channel = FileChannel.open(
                    beside,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            forceDirectory();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new name is durable only when its directory is. */
    private void forceDirectory() throws IOException {
        if (CAN_FORCE_DIRECTORIES) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static long sequence(Path file) throws IOException {
        try (var reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return Long.parseLong(String.valueOf(reader.readLine()).strip());
        } catch (NoSuchFileException e) {
            return -1;
        } catch (NumberFormatException e) {
            throw new IOException("not a checkpoint: " + file, e);
        }
    }

    private static @Nullable Checkpoint read(String runId, Path file) {
        try {
            String text = Files.readString(file);
            int line = text.indexOf('\n');
            return new Checkpoint(
                    runId, Long.parseLong(text.substring(0, Math.max(0, line))), text.substring(line + 1));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NumberFormatException e) {
            throw new UncheckedIOException(new IOException("not a checkpoint: " + file, e));
        }
    }
}
