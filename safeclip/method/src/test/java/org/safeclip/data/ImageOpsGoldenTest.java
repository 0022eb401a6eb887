package org.safeclip.data;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.safeclip.golden.Golden;
import org.safeclip.golden.GoldenAttributes;
import org.safeclip.golden.GoldenCase;

/** Picture operations equal Pillow's and torchvision's. */
class ImageOpsGoldenTest {
    @TestFactory
    Stream<DynamicTest> imageCases() {
        return Golden.tests(
                        "resize",
                        "resized_crop",
                        "resize_center_crop",
                        "hflip",
                        "grayscale",
                        "gaussian_blur",
                        "color_jitter",
                        "brightness",
                        "contrast",
                        "saturation",
                        "hue",
                        "to_tensor_normalize")
                .check(ImageOpsGoldenTest::check);
    }

    private static void check(GoldenCase golden) {
        int[] shape = golden.shape("image"); // [height, width, 3]
        byte[] px = golden.u8("image");
        GoldenAttributes attrs = golden.attrs();
        if (golden.op().equals("to_tensor_normalize")) {
            float[] out = new float[px.length];
            ImageOps.toTensorNormalize(px, floats(attrs.numbers("mean")), floats(attrs.numbers("std")), out, 0);
            golden.assertClose("y", out);
            return;
        }
        byte[] got = changed(px, shape[0], shape[1], golden.op(), attrs);
        if (golden.op().equals("hue")) {
            golden.leave("exact HSV arithmetic, where ours is Pillow's", "outputs", "y_float");
        }
        double[] levels = new double[got.length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = got[i] & 0xff;
        }
        golden.assertClose("y", levels);
    }

    private static byte[] changed(byte[] px, int height, int width, String op, GoldenAttributes attrs) {
        switch (op) {
            case "resize" -> {
                attrs.require("antialias", true);
                return filter(attrs).resize(px, height, width, attrs.integer("height"), attrs.integer("width"));
            }
            case "resized_crop" -> {
                return filter(attrs)
                        .resizedCrop(
                                px,
                                width,
                                attrs.integer("top"),
                                attrs.integer("left"),
                                attrs.integer("height"),
                                attrs.integer("width"),
                                attrs.integer("out"),
                                attrs.integer("out"));
            }
            case "resize_center_crop" -> {
                return filter(attrs).resizeCenterCrop(px, height, width, attrs.integer("size"));
            }
            case "hflip" -> ImageOps.hflip(px, height, width);
            case "grayscale" -> ImageOps.grayscale(px);
            case "gaussian_blur" -> {
                attrs.require("padding", "reflect");
                ImageOps.gaussianBlur(px, height, width, attrs.integer("kernel"), (float) attrs.number("sigma"));
            }
            case "color_jitter" -> {
                List<String> order = attrs.texts("order");
                double[] factors = attrs.numbers("factors");
                for (int i = 0; i < factors.length; i++) {
                    colour(order.get(i), px, (float) factors[i]);
                }
            }
            default -> colour(op, px, (float) attrs.number("factor"));
        }
        return px;
    }

    private static void colour(String op, byte[] px, float factor) {
        switch (op) {
            case "brightness" -> ImageOps.brightness(px, factor);
            case "contrast" -> ImageOps.contrast(px, factor);
            case "saturation" -> ImageOps.saturation(px, factor);
            case "hue" -> ImageOps.hue(px, factor);
            default -> throw new AssertionError(op);
        }
    }

    private static Resampling filter(GoldenAttributes attrs) {
        return switch (attrs.text("filter")) {
            case "bilinear" -> Resampling.BILINEAR;
            case "bicubic" -> Resampling.BICUBIC;
            default -> throw new AssertionError("no filter " + attrs.text("filter"));
        };
    }

    private static float[] floats(double... numbers) {
        float[] floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers[i];
        }
        return floats;
    }
}
