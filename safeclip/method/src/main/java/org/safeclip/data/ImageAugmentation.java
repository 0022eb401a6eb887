package org.safeclip.data;

import java.util.random.RandomGenerator;

/**
 * The distribution of image views, in the paper's order: mirror, random resized crop, colour jitter, grey, blur, then
 * normalisation with CLIP's mean and deviation. Probabilities are in 0..1; strengths 0 switch a part off.
 *
 * @param size S, width and height of a view, whatever the size of the image
 * @param areaMin least share of the image's area that a crop keeps
 * @param areaMax greatest share
 * @param ratioMax width / height of a crop is log-uniform in 1/ratioMax .. ratioMax
 * @param flip probability of mirroring
 * @param jitter probability of colour jitter
 * @param brightness factor is uniform in 1 - brightness .. 1 + brightness, at least 0; so are contrast and saturation
 * @param hue turn of the hue is uniform in -hue .. hue, in circles, at most 0.5
 * @param grey probability of losing all colour
 * @param blur probability of a Gaussian blur
 * @param blurKernel taps of the blur, odd
 * @param sigmaMin least deviation of the blur, in pixels
 * @param sigmaMax greatest deviation
 */
public record ImageAugmentation(
        int size,
        float areaMin,
        float areaMax,
        float ratioMax,
        float flip,
        float jitter,
        float brightness,
        float contrast,
        float saturation,
        float hue,
        float grey,
        float blur,
        int blurKernel,
        float sigmaMin,
        float sigmaMax) {

    private static final float[] MEAN = {.48145466f, .4578275f, .40821073f};
    private static final float[] STD = {.26862954f, .26130258f, .27577711f};
    private static final int CROP_TRIES = 10;

    /** Refuses values outside their range. */
    public ImageAugmentation {
        require(size >= 1, "size", size, "at least 1");
        share("areaMin", areaMin);
        share("areaMax", areaMax);
        share("flip", flip);
        share("jitter", jitter);
        share("grey", grey);
        share("blur", blur);
        require(areaMin > 0 && areaMin <= areaMax, "areaMin", areaMin, "more than 0 and at most areaMax");
        require(ratioMax >= 1, "ratioMax", ratioMax, "at least 1");
        require(brightness >= 0, "brightness", brightness, "at least 0");
        require(contrast >= 0, "contrast", contrast, "at least 0");
        require(saturation >= 0, "saturation", saturation, "at least 0");
        require(hue >= 0 && hue <= .5, "hue", hue, "0 to 0.5");
        require(blurKernel > 0 && blurKernel % 2 == 1, "blurKernel", blurKernel, "an odd number");
        require(sigmaMin > 0 && sigmaMin <= sigmaMax, "sigmaMin", sigmaMin, "more than 0 and at most sigmaMax");
    }

    /** The paper's augmentation scaled from 224 to 32 pixels: larger crops and a smaller blur. */
    public static ImageAugmentation small() {
        return new ImageAugmentation(32, .4f, 1, 4f / 3, .5f, .8f, .5f, .5f, .5f, .1f, .2f, 1, 3, .1f, .6f);
    }

    /** A distribution with every part at a share of its strength: 1 is this one, 0 is the plain image. */
    public ImageAugmentation weaker(float share) {
        return new ImageAugmentation(
                size,
                1 - share * (1 - areaMin),
                areaMax,
                ratioMax,
                flip,
                jitter,
                share * brightness,
                share * contrast,
                share * saturation,
                share * hue,
                share * grey,
                share * blur,
                blurKernel,
                sigmaMin,
                sigmaMax);
    }

    /**
     * An image as a model expects it: its short side resized to S, centre crop, normalised (CLIP's preparation).
     *
     * @param side width and height of the image
     * @param size S
     * @param dst receives [3, S, S] from {@code at}
     */
    public static void plain(byte[] src, int side, int size, float[] dst, int at) {
        byte[] px = side == size ? src : Resampling.BICUBIC.resizeCenterCrop(src, side, side, size);
        ImageOps.toTensorNormalize(px, MEAN, STD, dst, at);
    }

    /** Normalises an image given as levels 0 ... 255 that need not be whole: dst receives [3, S, S] from {@code at}. */
    public static void plain(float[] levels, float[] dst, int at) {
        int plane = levels.length / 3;
        for (int i = 0; i < levels.length; i++) {
            int c = i % 3;
            dst[at + c * plane + i / 3] = (levels[i] / 255 - MEAN[c]) / STD[c];
        }
    }

    /**
     * One random view.
     *
     * @param src an image of {@code side} x {@code side}, left as it is
     * @param mirror false where left and right carry the meaning
     * @param dst receives [3, S, S] from {@code at}
     */
    public void view(byte[] src, int side, boolean mirror, float[] dst, int at, RandomGenerator random) {
        byte[] px = src.clone();
        if (random.nextFloat() < flip && mirror) {
            ImageOps.hflip(px, side, side);
        }
        px = crop(px, side, random);
        if (random.nextFloat() < jitter) {
            colours(px, random);
        }
        if (random.nextFloat() < grey) {
            ImageOps.grayscale(px);
        }
        if (random.nextFloat() < blur) {
            float sigma = uniform(sigmaMin, sigmaMax, random);
            ImageOps.gaussianBlur(px, size, size, blurKernel, sigma);
        }
        plain(px, size, size, dst, at);
    }

    private byte[] crop(byte[] px, int side, RandomGenerator random) {
        for (int attempt = 0; attempt < CROP_TRIES; attempt++) {
            double area = uniform(areaMin, areaMax, random) * (double) (side * side);
            double logRatio = Math.log(ratioMax) * (2 * random.nextDouble() - 1);
            int width = (int) Math.round(Math.sqrt(area * Math.exp(logRatio)));
            int height = (int) Math.round(Math.sqrt(area * Math.exp(-logRatio)));
            if (width >= 1 && height >= 1 && width <= side && height <= side) {
                int top = random.nextInt(side - height + 1);
                int left = random.nextInt(side - width + 1);
                return Resampling.BICUBIC.resizedCrop(px, side, top, left, height, width, size, size);
            }
        }
        // a square image holds no larger box of the wanted ratios than itself
        return side == size ? px : Resampling.BICUBIC.resize(px, side, side, size, size);
    }

    private void colours(byte[] px, RandomGenerator random) {
        int[] order = {0, 1, 2, 3};
        for (int i = 3; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
        for (int step : order) {
            switch (step) {
                case 0 -> ImageOps.brightness(px, around1(brightness, random));
                case 1 -> ImageOps.contrast(px, around1(contrast, random));
                case 2 -> ImageOps.saturation(px, around1(saturation, random));
                default -> ImageOps.hue(px, uniform(-hue, hue, random));
            }
        }
    }

    private static float around1(float strength, RandomGenerator random) {
        return uniform(Math.max(0, 1 - strength), 1 + strength, random);
    }

    private static float uniform(float low, float high, RandomGenerator random) {
        return low + (high - low) * random.nextFloat();
    }

    private static void share(String name, float value) {
        require(value >= 0 && value <= 1, name, value, "0 to 1");
    }

    private static void require(boolean holds, String name, float value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException("image views: " + name + " is " + value + ", expected " + expected);
        }
    }
}
