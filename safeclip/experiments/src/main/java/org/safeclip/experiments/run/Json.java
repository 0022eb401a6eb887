package org.safeclip.experiments.run;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * The JSON formats of this program, with fields in the order of the record components: results exact and indented, events rounded
 * and on one line.
 */
public final class Json {
    /** More digits of a loss carry no information and double the size of the file. */
    private static final MathContext SIX_DIGITS = new MathContext(6);

    /** Indented JSON with exact numbers; every property must be present on reading. */
    public static final JsonMapper EXACT = mapper().enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .defaultPrettyPrinter(
                    // a line feed on every system, so that equal runs write equal bytes
                    new DefaultPrettyPrinter()
                            .withSeparators(Separators.createDefaultInstance()
                                    .withObjectNameValueSpacing(Separators.Spacing.AFTER))
                            .withObjectIndenter(new DefaultIndenter("  ", "\n")))
            .build();

    /** One-line JSON with numbers rounded to six digits; null for NaN. */
    public static final JsonMapper ROUNDED = mapper().addModule(new SimpleModule("rounded")
                    .addSerializer(Double.class, new RoundedNumber())
                    .addSerializer(double.class, new RoundedNumber())
                    .addSerializer(double[].class, new RoundedNumbers())
                    .addDeserializer(double.class, new NumberOrNaN())
                    .addDeserializer(double[].class, new NumbersOrNaN()))
            .build();

    private Json() {}

    private static JsonMapper.Builder mapper() {
        return JsonMapper.builder().disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY);
    }

    /** Writes a rounded number; NaN and infinity, which JSON does not have, as null. */
    private static void write(double value, JsonGenerator out) {
        if (Double.isFinite(value)) {
            out.writeNumber(new BigDecimal(value).round(SIX_DIGITS).doubleValue());
        } else {
            out.writeNull();
        }
    }

    private static double read(JsonParser in) {
        return in.currentToken() == JsonToken.VALUE_NULL ? Double.NaN : in.getDoubleValue();
    }

    private static final class RoundedNumber extends ValueSerializer<Double> {
        @Override
        public void serialize(Double value, JsonGenerator out, SerializationContext context) {
            write(value, out);
        }
    }

    private static final class RoundedNumbers extends ValueSerializer<double[]> {
        @Override
        public void serialize(double[] values, JsonGenerator out, SerializationContext context) {
            out.writeStartArray();
            for (double value : values) {
                write(value, out);
            }
            out.writeEndArray();
        }
    }

    private static final class NumberOrNaN extends ValueDeserializer<Double> {
        @Override
        public Double deserialize(JsonParser in, DeserializationContext context) {
            return read(in);
        }

        @Override
        public Object getNullValue(DeserializationContext context) {
            return Double.NaN;
        }
    }

    private static final class NumbersOrNaN extends ValueDeserializer<double[]> {
        @Override
        public double[] deserialize(JsonParser in, DeserializationContext context) {
            double[] values = new double[8];
            int size = 0;
            while (in.nextToken() != JsonToken.END_ARRAY) {
                if (size == values.length) {
                    values = Arrays.copyOf(values, 2 * size);
                }
                values[size++] = read(in);
            }
            return Arrays.copyOf(values, size);
        }
    }
}
