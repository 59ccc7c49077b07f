// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class SchemaSampleTest {
    private static JsonNode sample(String schema) {
        return SchemaSample.of(Json.read(schema));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"const": 5}                                             | 5
            {"enum": ["red", "green"]}                               | "red"
            {"type": "string", "default": "x"}                       | "x"
            {"type": "integer", "examples": [12]}                    | 12
            {"type": "boolean"}                                      | true
            {"type": "null"}                                         | null
            {"type": ["null", "boolean"]}                            | true
            {"type": "integer", "minimum": 10}                       | 10
            {"type": "integer", "exclusiveMinimum": 10}              | 11
            {"type": "integer", "maximum": -3}                       | -3
            {"type": "integer", "exclusiveMaximum": 0}               | -1
            {"type": "integer", "minimum": 10, "multipleOf": 7}      | 14
            {"type": "integer", "minimum": 1e300}                    | 1
            {"type": "number", "exclusiveMinimum": 2, "exclusiveMaximum": 2.5} | 2.25
            {"type": "string", "format": "date"}                     | "2026-01-02"
            {"type": "string", "maxLength": 3}                       | "har"
            {"type": "string", "minLength": 9}                       | "harbourxx"
            {"type": "string", "pattern": "^[A-Z]{3}-\\\\d{2,4}$"}     | "AAA-11"
            `{"type": "string", "pattern": "^(red|blue)+[^a-z]x?$"}` | "redAx"
            {"type": "array", "items": {"type": "integer"}}          | [1]
            {"type": "array", "items": {"type": "integer"}, "minItems": 3} | [1,1,1]
            {"type": "array", "items": {"type": "integer"}, "minItems": 3, "uniqueItems": true} | [1,2,3]
            {"type": "array", "items": {"type": "integer"}, "maxItems": 0} | []
            {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "boolean"}]} | [1,true]
            {"anyOf": [{"type": "null"}, {"type": "integer"}]}       | 1
            {"oneOf": [{"type": "boolean"}, {"type": "integer"}]}    | true
            {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a", "b"]} | {"a":1,"b":"harbour"}
            {"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 2} | {"key1":1,"key2":1}
            {"allOf": [{"properties": {"a": {"type": "integer"}}, "required": ["a"]}, {"properties": {"b": {"const": 2}}, "required": ["b"]}]} | {"a":1,"b":2}
            {"$ref": "#/$defs/p", "$defs": {"p": {"type": "integer", "minimum": 4}}} | 4
            {}                                                       | "harbour"
            """)
    void aSampleFitsItsSchema(String schema, String expected) {
        assertThat(Json.write(sample(schema))).isEqualTo(expected);
    }

    @Test
    void aSchemaThatRecursEnds() {
        JsonNode tree = sample("""
                {"$ref": "#/$defs/node", "$defs": {"node": {"type": "object", "required": ["value"], "properties": {
                  "value": {"type": "integer"}, "children": {"type": "array", "items": {"$ref": "#/$defs/node"}}}}}}""");

        assertThat(tree.at("/children/0/value").asInt()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"$ref\": \"#\"}", "{\"allOf\": [{\"$ref\": \"#\"}]}", "{\"anyOf\": [{\"$ref\": \"#\"}]}"})
    void aSchemaThatIsOnlyItselfEnds(String schema) {
        assertThat(sample(schema).isNull()).isTrue();
    }

    @Test
    void aSchemaThatMultipliesIsBounded() {
        StringBuilder properties = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            properties.append(i == 0 ? "" : ",").append("\"p").append(i).append("\": {\"$ref\": \"#\"}");
        }
        long before = System.nanoTime();
        String sample = Json.write(sample("{\"type\": \"object\", \"properties\": {" + properties + "}}"));

        assertThat(sample.length()).isLessThan(1_000_000);
        assertThat(System.nanoTime() - before).isLessThan(Duration.ofSeconds(15).toNanos());
    }

    @ParameterizedTest
    @ValueSource(strings = {"(((", "[", "a{", "\\", "[^", "*", "(?<n", "a{99999999}", "[\\"})
    void aBrokenPatternIsNoReasonToFail(String pattern) {
        JsonNode schema = Json.object().put("type", "string").put("pattern", pattern);

        assertThat(SchemaSample.of(schema).isString()).isTrue();
    }

    @Test
    void whereOnlyAnObjectWillDoThereIsOne() {
        assertThat(SchemaSample.object(Json.read("{\"type\": \"string\"}")).isObject())
                .isTrue();
        assertThat(SchemaSample.object(Json.read("null")).isObject()).isTrue();
    }
}
