package org.safeclip.experiments.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.export.OnnxModel;
import org.safeclip.experiments.run.SavedModel;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code export}: the encoders of a saved model as files of ONNX. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Writes both encoders of a checkpoint as DIR/images.onnx and DIR/texts.onnx (opset 17), and the merges of the"
                    + " vocabulary as DIR/vocabulary.txt, in the form of CLIP's.",
            "The inputs are images [batch, 3, side, side], normalised with CLIP's means and deviations, and tokens [batch,"
                    + " context], padded with zeros; the outputs are embeddings of unit length."
        })
final class ExportCommand implements Callable<Integer> {
    @Mixin
    private ModelOptions model = new ModelOptions();

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "folder of the files; created if missing")
    private Path out = Path.of("");

    @Mixin
    private DeviceOptions device = new DeviceOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, BackendUnavailable {
        ExperimentConfig settings = model.settings();
        try (Backend backend = device.open()) {
            SavedModel saved = settings == null
                    ? SavedModel.load(model.checkpoint(), backend)
                    : SavedModel.published(model.checkpoint(), settings, backend);
            Files.createDirectories(out);
            PrintWriter to = spec.commandLine().getOut();
            write(
                    to,
                    "images.onnx",
                    OnnxModel.images(saved.model(), saved.config().model().imageSize()));
            write(to, "texts.onnx", OnnxModel.texts(saved.model()));
            write(to, "vocabulary.txt", saved.tokenizer().serialise().getBytes(StandardCharsets.UTF_8));
            to.flush();
        }
        return 0;
    }

    private void write(PrintWriter to, String name, byte[] content) throws IOException {
        Path file = out.resolve(name);
        Files.write(file, content);
        to.println("Written: " + Printable.text(file.toString()));
    }
}
