package org.safeclip.opencl;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendProvider;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.DeviceInfo;
import org.safeclip.tensor.backend.Scope;
import org.safeclip.tensor.backend.Storage;

/** Opens the OpenCL devices of this machine. */
public final class OpenClProvider implements BackendProvider {
    static final String NAME = "opencl";

    private static final float TRIAL = 42;

    /** For {@link java.util.ServiceLoader}. */
    public OpenClProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    /** Highest if there is a GPU; lowest for a CPU driver, since the CPU has its own backend. */
    @Override
    public int rank() {
        return OpenClDevices.here().found().stream().allMatch(OpenClDevice::cpu) ? 0 : 2;
    }

    @Override
    public List<DeviceInfo> devices() {
        return OpenClDevices.here().found().stream().map(OpenClDevice::facts).toList();
    }

    @Override
    public Backend open() throws BackendUnavailable {
        return open(OpenClDevices.here().best());
    }

    @Override
    public Backend open(String device) throws BackendUnavailable {
        return open(OpenClDevices.here().named(device));
    }

    @Override
    public void tune(@Nullable String device, Consumer<String> line) throws BackendUnavailable {
        OpenClDevices here = OpenClDevices.here();
        OpenClDevice chosen = device == null ? here.best() : here.named(device);
        line.accept("tuning " + chosen);
        try {
            Tuning.store(chosen, new Tuner(chosen, line).best());
        } catch (OpenClException e) {
            throw new BackendUnavailable(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new BackendUnavailable("cannot write " + Tuning.file(chosen) + ": " + e.getMessage(), e);
        }
        line.accept("kept in " + Tuning.file(chosen));
    }

    /** Opens the device and verifies it with one compiled and executed kernel. */
    private static Backend open(OpenClDevice device) throws BackendUnavailable {
        OpenClBackend backend;
        try {
            backend = new OpenClBackend(device, Family.of(device));
        } catch (OpenClException e) {
            throw new BackendUnavailable(String.valueOf(e.getMessage()), e);
        }
        try (Scope _ = backend.scope()) {
            float[] answer = new float[1];
            Storage trial = backend.allocate(1);
            backend.kernels().fill(1, TRIAL, trial);
            trial.read(answer, 0, 1);
            if (answer[0] == TRIAL) {
                return backend;
            }
            throw new OpenClException(device + " computes wrongly: filled with " + TRIAL + ", read " + answer[0]);
        } catch (OpenClException e) {
            backend.close();
            throw new BackendUnavailable(String.valueOf(e.getMessage()), e);
        }
    }
}
