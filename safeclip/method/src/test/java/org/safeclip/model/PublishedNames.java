package org.safeclip.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.safeclip.golden.PublishedFile;

/** Names and shapes of the tensors in published CLIP files, written down from open_clip's naming, not from our records. */
final class PublishedNames {
    private final Map<String, List<Integer>> shapes = new LinkedHashMap<>();

    private PublishedNames() {}

    /** open_clip's "ViT-B-32". */
    static Map<String, List<Integer>> vitB32() {
        PublishedNames names = new PublishedNames();
        names.text(512);
        names.add("visual.class_embedding", 768);
        names.add("visual.positional_embedding", 50, 768);
        names.add("visual.proj", 768, 512);
        names.add("visual.conv1.weight", 768, 3, 32, 32);
        names.weightAndBias("visual.ln_pre", 768);
        names.blocks("visual.transformer", 768);
        names.weightAndBias("visual.ln_post", 768);
        return names.shapes;
    }

    /** open_clip's "RN50". */
    static Map<String, List<Integer>> rn50() {
        PublishedNames names = new PublishedNames();
        names.text(1024);
        names.add("visual.conv1.weight", 32, 3, 3, 3);
        names.norm("visual.bn1", 32);
        names.add("visual.conv2.weight", 32, 32, 3, 3);
        names.norm("visual.bn2", 32);
        names.add("visual.conv3.weight", 64, 32, 3, 3);
        names.norm("visual.bn3", 64);
        int in = 64;
        int[] blocks = {3, 4, 6, 3};
        for (int stage = 0; stage < 4; stage++) {
            int planes = 64 << stage;
            for (int block = 0; block < blocks[stage]; block++) {
                String at = "visual.layer" + (stage + 1) + "." + block + ".";
                names.add(at + "conv1.weight", planes, in, 1, 1);
                names.norm(at + "bn1", planes);
                names.add(at + "conv2.weight", planes, planes, 3, 3);
                names.norm(at + "bn2", planes);
                names.add(at + "conv3.weight", 4 * planes, planes, 1, 1);
                names.norm(at + "bn3", 4 * planes);
                if (block == 0) {
                    names.add(at + "downsample.0.weight", 4 * planes, in, 1, 1);
                    names.norm(at + "downsample.1", 4 * planes);
                }
                in = 4 * planes;
            }
        }
        names.add("visual.attnpool.positional_embedding", 50, 2048);
        for (String part : List.of("k_proj", "q_proj", "v_proj")) {
            names.linear("visual.attnpool." + part, 2048, 2048);
        }
        names.linear("visual.attnpool.c_proj", 1024, 2048);
        return names.shapes;
    }

    /** All of these as float tensors of one type. */
    static PublishedFile file(Map<String, List<Integer>> shapes, String dtype) {
        PublishedFile file = new PublishedFile();
        shapes.forEach((name, shape) -> file.add(name, dtype, shape));
        return file;
    }

    private void text(int embedding) {
        add("positional_embedding", 77, 512);
        add("text_projection", 512, embedding);
        add("logit_scale");
        blocks("transformer", 512);
        add("token_embedding.weight", 49_408, 512);
        weightAndBias("ln_final", 512);
    }

    private void blocks(String at, int width) {
        for (int i = 0; i < 12; i++) {
            String block = at + ".resblocks." + i + ".";
            weightAndBias(block + "ln_1", width);
            add(block + "attn.in_proj_weight", 3 * width, width);
            add(block + "attn.in_proj_bias", 3 * width);
            linear(block + "attn.out_proj", width, width);
            weightAndBias(block + "ln_2", width);
            linear(block + "mlp.c_fc", 4 * width, width);
            linear(block + "mlp.c_proj", width, 4 * width);
        }
    }

    private void linear(String at, int out, int in) {
        add(at + ".weight", out, in);
        add(at + ".bias", out);
    }

    private void weightAndBias(String at, int width) {
        add(at + ".weight", width);
        add(at + ".bias", width);
    }

    private void norm(String at, int channels) {
        weightAndBias(at, channels);
        add(at + ".running_mean", channels);
        add(at + ".running_var", channels);
    }

    private void add(String name, int... shape) {
        List<Integer> dims = new ArrayList<>();
        for (int dim : shape) {
            dims.add(dim);
        }
        shapes.put(name, dims);
    }
}
