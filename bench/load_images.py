"""JPEG files of 224 x 224 pixels to a batch, as in LoadingBenchmark.java: load_images.py pillow|vips FOLDER.

Loads all files of the folder for every line it reads, and answers with the CPU time of the process and the time by the clock, in
nanoseconds: decodes each, mirrors it or not, crops and resizes it (bicubic), and normalises it into the batch. The bytes are read once.
"""

import ctypes
import io
import math
import random
import sys
import time
from pathlib import Path

import numpy as np

SIDE = 224
MEAN = np.array([0.48145466, 0.4578275, 0.40821073], np.float32) * 255
SCALE = 1 / (np.array([0.26862954, 0.26130258, 0.27577711], np.float32) * 255)


def box():
    """A crop of half of the area or more, as (left, top, width, height)."""
    while True:
        area = random.uniform(0.5, 1) * SIDE * SIDE
        ratio = math.exp(math.log(4 / 3) * random.uniform(-1, 1))
        width, height = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
        if width <= SIDE and height <= SIDE:
            return random.randint(0, SIDE - width), random.randint(0, SIDE - height), width, height


def pillow(data):
    from PIL import Image

    image = Image.open(io.BytesIO(data)).convert("RGB")
    if random.random() < 0.5:
        image = image.transpose(Image.FLIP_LEFT_RIGHT)
    left, top, width, height = box()
    return np.asarray(image.resize((SIDE, SIDE), Image.BICUBIC, box=(left, top, left + width, top + height)))


class Vips:
    """libvips by way of its C functions, each of which takes an image and gives a new one."""

    CUBIC = 2
    HORIZONTAL = 0

    def __init__(self):
        self.lib = ctypes.CDLL("libvips.so.42")
        self.glib = ctypes.CDLL("libgobject-2.0.so.0")
        self.lib.vips_image_write_to_memory.restype = ctypes.c_void_p
        self.glib.g_free.argtypes = self.glib.g_object_unref.argtypes = [ctypes.c_void_p]
        self.lib.vips_init(b"loading")

    def call(self, name, *arguments):
        out = ctypes.c_void_p()
        first = 2 if name == "jpegload_buffer" else 1
        rest = (*arguments[first:], None)
        if getattr(self.lib, "vips_" + name)(*arguments[:first], ctypes.byref(out), *rest):
            raise RuntimeError("libvips cannot " + name)
        if name != "jpegload_buffer":
            self.glib.g_object_unref(arguments[0])
        return out

    def __call__(self, data):
        image = self.call("jpegload_buffer", data, ctypes.c_size_t(len(data)))
        if random.random() < 0.5:
            image = self.call("flip", image, self.HORIZONTAL)
        left, top, width, height = box()
        image = self.call("crop", image, left, top, width, height)
        across, down = ctypes.c_double(SIDE / width), ctypes.c_double(SIDE / height)
        image = self.call("resize", image, across, b"vscale", down, b"kernel", self.CUBIC)
        size = ctypes.c_size_t()
        memory = self.lib.vips_image_write_to_memory(image, ctypes.byref(size))
        pixels = np.ctypeslib.as_array((ctypes.c_uint8 * size.value).from_address(memory)).copy()
        self.glib.g_free(memory)
        shape = (self.lib.vips_image_get_height(image), self.lib.vips_image_get_width(image), 3)
        self.glib.g_object_unref(image)
        return pixels.reshape(shape)


def main():
    load = pillow if sys.argv[1] == "pillow" else Vips()
    files = [file.read_bytes() for file in sorted(Path(sys.argv[2]).glob("*.jpg"))]
    batch = np.empty((len(files), 3, SIDE, SIDE), np.float32)
    for _ in sys.stdin:
        wall, cpu = time.perf_counter_ns(), time.process_time_ns()
        for place, data in enumerate(files):
            pixels = load(data)
            batch[place] = ((pixels[:SIDE, :SIDE] - MEAN) * SCALE).transpose(2, 0, 1)
        print(time.process_time_ns() - cpu, time.perf_counter_ns() - wall, flush=True)


main()
