// A perceptron learns exclusive or. After `mvn package -pl nn -am -DskipTests`, run it from the root of the repository:
//   java -p tensor/target/classes:nn/target/classes --add-modules org.safeclip.nn nn/src/examples/Xor.java
// or on the class path, where the vector instructions have to be asked for:
//   java -cp tensor/target/classes:nn/target/classes --add-modules jdk.incubator.vector nn/src/examples/Xor.java

import java.util.Random;
import org.safeclip.nn.Layer;
import org.safeclip.nn.Linear;
import org.safeclip.nn.optim.AdamW;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Shape;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.tensor.backend.Scope;

/** One hidden layer. A model is a record: its components are its layers, and their names name the parameters. */
record Perceptron(Linear hidden, Linear output) implements Layer {
    @Override
    public Tensor apply(Tensor x) { // [B, 2] -> [B, 1]
        return output.apply(hidden.apply(x).gelu());
    }
}

void main() throws Exception {
    try (Backend backend = Backends.best()) {
        Tensor x = Tensor.constant(NdArray.of(backend, Shape.of(4, 2), 0, 0, 0, 1, 1, 0, 1, 1));
        Tensor y = Tensor.constant(NdArray.of(backend, Shape.of(4, 1), 0, 1, 1, 0));
        Random random = new Random(1);
        Perceptron model = new Perceptron(
                Linear.random(2, 8, 1, backend, random),
                Linear.random(8, 1, 0.5, backend, random));
        AdamW optimizer = new AdamW(model.parameters(), AdamW.Settings.standard().withDecay(0));
        IO.print(model.tree());

        for (int step = 1; step <= 300; step++) {
            try (Scope _ = backend.scope()) { // the memory of one step, given back at its end
                Tensor error = model.apply(x).sub(y);
                Tensor loss = error.mul(error).mean();
                optimizer.step(loss.backward(), 0.05);
                if (step % 100 == 0) {
                    IO.println("step " + step + ": loss " + loss.item());
                }
            }
        }

        float[] answers = model.apply(x).value().toArray();
        for (int i = 0; i < answers.length; i++) {
            IO.println(i / 2 + " xor " + i % 2 + " = " + Math.round(answers[i]));
        }
    }
}
