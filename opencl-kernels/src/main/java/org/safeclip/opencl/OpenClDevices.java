package org.safeclip.opencl;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jocl.CL;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;
import org.safeclip.tensor.backend.BackendUnavailable;

/**
 * The OpenCL devices of this machine.
 *
 * @param found every device of every platform
 * @param reason why {@code found} is empty, on one line; empty where it is not
 */
record OpenClDevices(List<OpenClDevice> found, String reason) {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,3}"); // longer ones are product names

    /** The devices of this machine, queried once: a native library that failed to load fails differently each time. */
    static OpenClDevices here() {
        return Here.DEVICES;
    }

    private static final class Here {
        static final OpenClDevices DEVICES = ask();
    }

    /**
     * The default device: the first that is no CPU, since the CPU has its own backend; else the first.
     *
     * @throws BackendUnavailable if there is none, with the reason
     */
    OpenClDevice best() throws BackendUnavailable {
        if (found.isEmpty()) {
            throw new BackendUnavailable("no OpenCL: " + reason);
        }
        return found.stream().filter(device -> !device.cpu()).findFirst().orElse(found.getFirst());
    }

    /**
     * The device with this number, counted from 0, or the only one whose name or platform contains this text.
     *
     * @throws BackendUnavailable if none or several match, listing the devices
     */
    OpenClDevice named(String numberOrName) throws BackendUnavailable {
        if (found.isEmpty()) {
            throw new BackendUnavailable("no OpenCL: " + reason);
        }
        String words = numberOrName.toLowerCase(Locale.ROOT);
        List<OpenClDevice> fitting;
        if (NUMBER.matcher(words).matches()) {
            int number = Integer.parseInt(words);
            fitting = number < found.size() ? List.of(found.get(number)) : List.of();
        } else {
            fitting = found.stream()
                    .filter(device -> device.toString().toLowerCase(Locale.ROOT).contains(words))
                    .toList();
        }
        if (fitting.size() != 1) {
            throw new BackendUnavailable(
                    (fitting.isEmpty() ? "no device is number or named '" : "several devices are named '")
                            + numberOrName + "'; there are " + names());
        }
        return fitting.getFirst();
    }

    /** All devices with their numbers, on one line. */
    String names() {
        return IntStream.range(0, found.size())
                .mapToObj(i -> i + ": " + found.get(i))
                .collect(Collectors.joining("; "));
    }

    private static OpenClDevices ask() {
        try {
            CL.setExceptionsEnabled(true);
            List<OpenClDevice> found = new ArrayList<>();
            cl_platform_id[] platforms = DriverInfo.platforms();
            for (cl_platform_id platform : platforms) {
                for (cl_device_id device : DriverInfo.devices(platform)) {
                    found.add(OpenClDevice.of(platform, device));
                }
            }
            return new OpenClDevices(List.copyOf(found), found.isEmpty() ? reasonOfNone(platforms) : "");
        } catch (Throwable e) { // errors too: a missing OpenCL loader shows as UnsatisfiedLinkError
            return new OpenClDevices(List.of(), firstLine(e));
        }
    }

    private static String reasonOfNone(cl_platform_id... platforms) {
        if (platforms.length == 0) {
            return "no platform; install a driver for your device, such as pocl-opencl-icd for the processor";
        }
        List<String> names = new ArrayList<>();
        for (cl_platform_id platform : platforms) {
            names.add(DriverInfo.text(platform, CL.CL_PLATFORM_NAME));
        }
        return "no device on the platforms " + String.join(", ", names);
    }

    private static String firstLine(Throwable e) {
        String message = e.getMessage();
        String line = message == null ? "" : message.lines().findFirst().orElse("");
        String what = line.isBlank() ? e.getClass().getSimpleName() : line.strip();
        return switch (what) {
            case "CL_PLATFORM_NOT_FOUND_KHR" ->
                "no platform (CL_PLATFORM_NOT_FOUND_KHR); install a driver for your device,"
                        + " such as pocl-opencl-icd for the processor";
            default -> what;
        };
    }
}
