// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.holdfast.llm.internal.Json;
import dev.holdfast.llm.structured.SchemaProblem;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.node.ObjectNode;

/** Schemas of types, and values read by them. */
class TypedSchemaTest {
    enum Colour {
        RED,
        @JsonProperty("sky")
        BLUE;

        @Override
        public String toString() {
            return "colour " + ordinal();
        }
    }

    record Item(String name, int count) {}

    record Order(
            String zebra,
            @JsonProperty("order_id") long id,
            @JsonPropertyDescription("when it is due") LocalDate due,
            Colour colour,
            List<Item> items,
            @Nullable String note,
            Optional<Integer> discount) {}

    record Positive(int amount) {
        Positive {
            if (amount <= 0) {
                throw new IllegalArgumentException("amount must be positive, not " + amount);
            }
        }
    }

    record Tagged(Map<String, Integer> tags) {}

    record Tree(String value, List<Tree> children) {}

    record Pair(Item first, Item second) {}

    record Shelf(String label, List<Tree> trees) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({@JsonSubTypes.Type(Circle.class), @JsonSubTypes.Type(Square.class)})
    sealed interface Figure permits Circle, Square {}

    @JsonTypeName("circle")
    record Circle(double radius) implements Figure {}

    @JsonTypeName("square")
    record Square(double side, @Nullable Colour colour) implements Figure {}

    record Drawing(Figure figure, List<Figure> more) {}

    @JsonClassDescription("a person")
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public static class Person {
        public String firstName = "";

        @JsonIgnore
        public int secret;

        private @Nullable UUID passNumber;

        public @Nullable UUID getPassNumber() {
            return passNumber;
        }

        public void setPassNumber(@Nullable UUID value) {
            passNumber = value;
        }
    }

    record Times(LocalDateTime local, Instant instant, byte[] raw, Map<String, List<Item>> items, Object any) {}

    private static final String ORDER =
            "{\"zebra\":\"z\",\"order_id\":7,\"due\":\"2024-05-01\",\"colour\":\"sky\",\"items\":[{\"name\":\"a\",\"count\":1}],"
                    + "\"note\":null,\"discount\":null}";

    private static JsonNode schema(Class<?> type) {
        return Json.read(TypedSchema.of(type).json());
    }

    private static List<SchemaProblem> problems(Class<?> type, String json) {
        return TypedSchema.of(type).readText(json).problems();
    }

    @Test
    void theSchemaOfARecordIsClosedAndEveryComponentIsRequiredInItsOrder() {
        JsonNode schema = schema(Order.class);

        assertThat(schema.path("properties").propertyNames())
                .containsExactly("zebra", "order_id", "due", "colour", "items", "note", "discount");
        assertThat(schema.path("additionalProperties").booleanValue()).isFalse();
        assertThat(schema.path("required")).hasSize(7);
        assertThat(schema.at("/properties/due/description").asString()).isEqualTo("when it is due");
        assertThat(schema.at("/properties/due/format").asString()).isEqualTo("date");
        assertThat(schema.at("/properties/colour/enum")).isEqualTo(Json.read("[\"RED\",\"sky\"]"));
        assertThat(schema.at("/properties/note/type")).isEqualTo(Json.read("[\"string\",\"null\"]"));
        assertThat(TypedSchema.of(Order.class).isStrict()).isTrue();
    }

    @Test
    void aValueThatFitsIsReadAsTheType() {
        Order order = TypedSchema.of(Order.class).readText(ORDER).value();

        assertThat(order)
                .isEqualTo(new Order(
                        "z",
                        7,
                        LocalDate.of(2024, 5, 1),
                        Colour.BLUE,
                        List.of(new Item("a", 1)),
                        null,
                        Optional.empty()));
    }

    @Test
    void whatIsWrongIsSaidWithItsPlace() {
        assertThat(problems(Item.class, "{\"name\":\"x\"}"))
                .extracting(SchemaProblem::rule, SchemaProblem::describe)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("required", "required property 'count' not found"));
        assertThat(problems(Order.class, ORDER.replace("\"count\":1", "\"count\":\"five\"")))
                .extracting(SchemaProblem::path, SchemaProblem::rule)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("/items/0/count", "type"));
        assertThat(problems(Item.class, "{\"name\":null,\"count\":1}")).hasSize(1);
        assertThat(problems(Item.class, "{\"name\":\"x\",\"count\":1,\"more\":2}"))
                .extracting(SchemaProblem::rule)
                .containsExactly("additionalProperties");
        assertThat(problems(Order.class, ORDER.replace("2024-05-01", "tomorrow")))
                .extracting(SchemaProblem::path)
                .containsExactly("/due");
    }

    @Test
    void aTextThatLooksLikeANumberIsNoNumber() {
        assertThat(problems(Item.class, "{\"name\":\"x\",\"count\":\"5\"}"))
                .extracting(SchemaProblem::rule)
                .containsExactly("type");
    }

    @Test
    void aConstructorMayRefuseAndSayWhy() {
        assertThat(problems(Positive.class, "{\"amount\":-3}"))
                .extracting(SchemaProblem::rule, SchemaProblem::message)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(
                        SchemaProblem.TYPE_REFUSED, "amount must be positive, not -3"));
    }

    @Test
    void aProblemsTextForLogsHoldsNoWordOfTheAnswer() {
        TypedSchema<Tagged> schema = TypedSchema.of(Tagged.class);

        List<SchemaProblem> problems =
                schema.readText("{\"tags\":{\"secret-word\":\"x\"}}").problems();

        assertThat(problems).extracting(SchemaProblem::path).containsExactly("/tags/secret-word");
        assertThat(schema.safely(problems)).isEqualTo("/tags/* type");
        assertThat(problems.toString()).doesNotContain("secret-word");
    }

    @Test
    void mapsAndRecursionWorkAndMapsAreNotStrict() {
        assertThat(TypedSchema.of(Tagged.class).isStrict()).isFalse();
        assertThat(TypedSchema.of(Tagged.class).readText("{\"tags\":{\"a\":1}}").value())
                .isEqualTo(new Tagged(Map.of("a", 1)));
        assertThat(TypedSchema.of(Tree.class)
                        .readText("{\"value\":\"a\",\"children\":[{\"value\":\"b\",\"children\":[]}]}")
                        .value())
                .isEqualTo(new Tree("a", List.of(new Tree("b", List.of()))));
    }

    @Test
    void aTypeThatIsUsedTwiceStandsOnceAndIsReferredTo() {
        JsonNode pair = schema(Pair.class);
        JsonNode tree = schema(Tree.class);
        JsonNode shelf = schema(Shelf.class);

        assertThat(pair.at("/properties/first")).isEqualTo(Json.read("{\"$ref\":\"#/$defs/Item\"}"));
        assertThat(pair.at("/$defs/Item/required")).hasSize(2);
        assertThat(tree.at("/properties/children/items")).isEqualTo(Json.read("{\"$ref\":\"#\"}"));
        assertThat(shelf.at("/$defs/Tree/properties/children/items/$ref").asString())
                .isEqualTo("#/$defs/Tree");
        assertThat(TypedSchema.of(Pair.class).isStrict()).isTrue();
        assertThat(schema(Order.class).has("$defs")).isFalse();
    }

    @Test
    void theSubtypesOfASealedTypeAreToldByTheirPropertyStrictly() {
        String drawing = "{\"figure\":{\"kind\":\"circle\",\"radius\":1.5},"
                + "\"more\":[{\"kind\":\"square\",\"side\":2,\"colour\":null}]}";

        assertThat(TypedSchema.of(Drawing.class).isStrict()).isTrue();
        assertThat(TypedSchema.of(Drawing.class).readText(drawing).value())
                .isEqualTo(new Drawing(new Circle(1.5), List.of(new Square(2, null))));
        assertThat(problems(Drawing.class, drawing.replace("circle", "square"))).isNotEmpty();
        assertThat(problems(Drawing.class, drawing.replace("\"radius\":1.5", "\"side\":1")))
                .isNotEmpty();
    }

    @Test
    void namesAndWhatIsLeftOutAreThoseOfTheReader() {
        JsonNode schema = schema(Person.class);

        assertThat(schema.path("properties").propertyNames()).containsExactlyInAnyOrder("first_name", "pass_number");
        assertThat(schema.path("description").asString()).isEqualTo("a person");
        assertThat(schema.at("/properties/pass_number"))
                .isEqualTo(Json.read("{\"type\":[\"string\",\"null\"],\"format\":\"uuid\"}"));
        assertThat(problems(Person.class, "{\"first_name\":\"Ada\",\"pass_number\":null}"))
                .isEmpty();
    }

    @Test
    void whatTheSchemaAllowsTheTypeCanRead() {
        JsonNode schema = schema(Times.class);

        assertThat(schema.at("/properties/instant/format").asString()).isEqualTo("date-time");
        assertThat(schema.at("/properties/local").has("format")).isFalse();
        assertThat(schema.at("/properties/items/additionalProperties/items/type")
                        .asString())
                .isEqualTo("object");
        assertThat(schema.at("/properties/any")).isEmpty();
        assertThat(problems(
                        Times.class,
                        "{\"local\":\"2024-05-01T10:00:00\",\"instant\":\"2024-05-01T10:00:00Z\",\"raw\":\"aGk=\","
                                + "\"items\":{\"a\":[{\"name\":\"x\",\"count\":1}]},\"any\":[1,\"two\"]}"))
                .isEmpty();
    }

    @Test
    void aSchemaThatIsNoneIsRefused() {
        assertThatThrownBy(() -> TypedSchema.json("x", "[1]")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TypedSchema.json("x", "{\"type\":\"object\",\"properties\":7}"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TypedSchema.json("x", "{\"$ref\":\"https://example.com/schema.json\"}"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TypedSchema.json("x", "{\"type\":\"string\",\"pattern\":\"(\"}"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void strictnessIsAskedForOnlyWhereProvidersTakeIt() {
        assertThat(strict("{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}},\"required\":[\"a\"],"
                        + "\"additionalProperties\":false}"))
                .isTrue();
        assertThat(strict("{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}},\"required\":[\"a\"]}"))
                .isFalse();
        assertThat(strict("{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}},"
                        + "\"additionalProperties\":false}"))
                .isFalse();
        assertThat(strict("{\"type\":\"object\",\"properties\":{\"a\":{\"allOf\":[{\"type\":\"string\"}]}},"
                        + "\"required\":[\"a\"],\"additionalProperties\":false}"))
                .isFalse();
        assertThat(strict("{\"type\":\"array\"}")).isFalse();
    }

    private static boolean strict(String schema) {
        return TypedSchema.json("x", schema).isStrict();
    }

    @Test
    void boundsAreLeftOutAndPropertiesOfTheirNamesAreNot() {
        ObjectNode schema = Json.requireObject(
                "{\"type\":\"object\",\"properties\":{\"minimum\":{\"type\":\"integer\",\"minimum\":1}},"
                        + "\"required\":[\"minimum\"],\"additionalProperties\":false}",
                "schema");

        assertThat(ClosedSchema.hasBounds(schema)).isTrue();
        assertThat(ClosedSchema.withoutBounds(schema).at("/properties/minimum"))
                .isEqualTo(Json.read("{\"type\":\"integer\"}"));
        assertThat(ClosedSchema.hasBounds(ClosedSchema.withoutBounds(schema))).isFalse();
    }
}
