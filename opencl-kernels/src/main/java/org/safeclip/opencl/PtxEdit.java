package org.safeclip.opencl;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What OpenCL C cannot say to an NVIDIA GPU. The binary that NVIDIA's driver returns for a program is PTX, a text, which
 * it also loads. Options of a program ask for edits:
 *
 * <ul>
 *   <li>{@link #UNCOVER}: instructions of inline assembly behind {@code //@} are uncovered. They are those of sm_90a, a
 *       target for which the driver loads PTX but compiles no OpenCL C.
 *   <li>{@link #groups}: so many groups must fit into a compute unit at a time, or the compiler may take so many
 *       registers for each that one group is left alone, and nothing hides what it waits for.
 * </ul>
 */
final class PtxEdit {
    static final String UNCOVER = "-DUNCOVER";

    private static final String GROUPS = "-DGROUPS_OF_UNIT=";
    private static final Pattern GROUPS_WANTED = Pattern.compile(GROUPS + "(\\d+)");
    private static final String NVIDIA = "cl_nv_compiler_options";

    private PtxEdit() {}

    /** The option for that many groups in a compute unit; empty where the device's programs are not PTX. */
    static String groups(OpenClDevice device, int groups) {
        return device.extensions().contains(NVIDIA) ? " " + GROUPS + groups : "";
    }

    static boolean isWanted(String options) {
        return options.contains(UNCOVER) || options.contains(GROUPS);
    }

    /** The program with the edits that its options ask for. */
    static byte[] edit(byte[] binary, String options) {
        String ptx = new String(binary, StandardCharsets.ISO_8859_1);
        if (options.contains(UNCOVER)) {
            ptx = ptx.replace("//@", "").replaceFirst("\\.target\\s+sm_90\\w*", ".target sm_90a");
        }
        Matcher groups = GROUPS_WANTED.matcher(options);
        if (groups.find()) {
            ptx = ptx.replaceAll("(\\.reqntid[^\\n]*)", "$1\n.minnctapersm " + groups.group(1));
        }
        return ptx.getBytes(StandardCharsets.ISO_8859_1);
    }
}
