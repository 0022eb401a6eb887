package org.safeclip.bench.gpu;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalDouble;

/**
 * PyTorch on the same card, {@code torch_gpu.py} in another process. It answers an order, a line such as {@code tf32
 * product 4096 4096 4096 NN}, with milliseconds, or with {@code -} where it has no equivalent; it is idle in between.
 */
final class TorchPeer implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final Writer orders;
    private final String device;
    private boolean present;

    /** Starts the process; where there is no PyTorch with a GPU every answer is empty. */
    TorchPeer(List<String> command) {
        try {
            this.process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            this.answers = process.inputReader(StandardCharsets.UTF_8);
            this.orders = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
            String greeting = answers.readLine();
            this.present = greeting != null && greeting.startsWith("torch ");
            this.device = greeting == null ? "no PyTorch: " + command.getFirst() + " ended" : greeting;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command.getFirst(), e);
        }
    }

    /** One line: version and device, or why there is none. */
    String device() {
        return device;
    }

    /** Milliseconds of a case, measured for about this many seconds. */
    OptionalDouble milliseconds(String precision, double seconds, String order) {
        if (!present) {
            return OptionalDouble.empty();
        }
        try {
            orders.write(precision + " " + seconds + " " + order + "\n");
            orders.flush();
            String answer = answers.readLine();
            if (answer == null) { // it died, and said why on the error output
                present = false;
                return OptionalDouble.empty();
            }
            return answer.equals("-") ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(answer));
        } catch (IOException e) {
            present = false;
            return OptionalDouble.empty();
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
