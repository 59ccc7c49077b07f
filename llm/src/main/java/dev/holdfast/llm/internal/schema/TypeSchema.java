// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal.schema;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.holdfast.llm.internal.Json;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.introspect.ClassIntrospector;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON Schema of a Java type, in the form that providers hold models to strictly: no further properties, every property
 * required in the order declared, null only where a component is marked {@code @Nullable} (any annotation of that name) or is
 * an {@code Optional}. What properties there are, their names and descriptions, and the subtypes of a sealed type are what
 * Jackson itself reads the value by. For one type, one thread.
 *
 * <p>A type that is used more than once stands in {@code $defs}, any other where it is used.
 */
final class TypeSchema {
    private static final DeserializationConfig CONFIG = TypedSchema.MAPPER
            .rebuild()
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .build()
            .deserializationConfig();

    /** An object, and the property that tells it from others in its place; null where nothing has to. */
    private record Shape(JavaType type, @Nullable Tag tag) {}

    private record Tag(String property, String value) {}

    private final ClassIntrospector introspector = CONFIG.classIntrospectorInstance();
    private final Shape root;
    private final Map<Shape, Integer> uses = new HashMap<>();
    private final Map<Shape, String> names = new LinkedHashMap<>();
    private final Set<String> taken = new HashSet<>();
    private final ObjectNode definitions = Json.object();

    private TypeSchema(JavaType type) {
        this.root = new Shape(type, null);
    }

    /** @throws IllegalArgumentException if the type is written in a way that no closed schema describes */
    static ObjectNode of(Class<?> type) {
        JavaType java = CONFIG.constructType(type);
        TypeSchema made = new TypeSchema(java);
        made.count(java);
        ObjectNode schema = made.schema(java);
        if (!made.definitions.isEmpty()) {
            schema.set("$defs", made.definitions);
        }
        return schema;
    }

    /** Counts where each object is used; what is inside one is looked at once. */
    private void count(JavaType type) {
        JavaType inner = inner(type);
        if (inner != null) {
            count(inner);
        } else if (isObject(type)) {
            for (Shape shape : shapes(type)) {
                if (uses.merge(shape, 1, Integer::sum) == 1) {
                    properties(shape).forEach(property -> count(property.getPrimaryType()));
                }
            }
        }
    }

    /** What the elements, values or the content of a container are; null for anything else. */
    private static @Nullable JavaType inner(JavaType type) {
        boolean scalar = ScalarTypes.schema(type.getRawClass()) != null;
        return !scalar && (type.isContainerType() || type.isReferenceType()) ? type.getContentType() : null;
    }

    private static boolean isObject(JavaType type) {
        Class<?> raw = type.getRawClass();
        return ScalarTypes.schema(raw) == null
                && !type.isEnumType()
                && !type.isJavaLangObject()
                && !JsonNode.class.isAssignableFrom(raw);
    }

    private ObjectNode schema(JavaType type) {
        ObjectNode scalar = ScalarTypes.schema(type.getRawClass());
        if (scalar != null) {
            return scalar;
        }
        if (type.isEnumType()) {
            return enumeration(type.getRawClass());
        }
        JavaType inner = inner(type);
        if (inner != null) {
            return container(type, inner);
        }
        return isObject(type) ? object(type) : Json.object();
    }

    private ObjectNode container(JavaType type, JavaType inner) {
        if (type.isReferenceType()) {
            return schema(inner);
        }
        ObjectNode container = Json.object();
        if (type.isMapLikeType()) {
            container.put("type", "object").set("additionalProperties", schema(inner));
        } else {
            container.put("type", "array").set("items", schema(inner));
        }
        return container;
    }

    /** The words by which Jackson knows the constants, whatever gave them. */
    private static ObjectNode enumeration(Class<?> type) {
        ObjectNode node = Json.object().put("type", "string");
        ArrayNode words = node.putArray("enum");
        for (Object constant : type.getEnumConstants()) {
            words.add(TypedSchema.MAPPER.valueToTree(constant));
        }
        return node;
    }

    private ObjectNode object(JavaType type) {
        var shapes = shapes(type);
        if (shapes.size() == 1) {
            return used(shapes.iterator().next());
        }
        ObjectNode choice = Json.object();
        ArrayNode any = choice.putArray("anyOf");
        shapes.forEach(shape -> any.add(used(shape)));
        return choice;
    }

    /** The object where it stands, or a reference to it. */
    private ObjectNode used(Shape shape) {
        if (shape.equals(root) && names.containsKey(shape)) {
            return Json.object().put("$ref", "#");
        }
        if (shape.equals(root)) {
            names.put(shape, "");
            return described(shape);
        }
        if (uses.getOrDefault(shape, 0) < 2) {
            return described(shape);
        }
        String name = names.get(shape);
        if (name == null) {
            name = newName(shape.type().getRawClass().getSimpleName());
            names.put(shape, name);
            definitions.set(name, described(shape));
        }
        return Json.object().put("$ref", "#/$defs/" + name);
    }

    private String newName(String wanted) {
        String plain = wanted.replaceAll("[^a-zA-Z0-9_]", "_");
        String name = plain;
        for (int number = 2; !taken.add(name); number++) {
            name = plain + number;
        }
        return name;
    }

    private ObjectNode described(Shape shape) {
        ObjectNode node = Json.object().put("type", "object");
        ObjectNode members = node.putObject("properties");
        ArrayNode required = node.putArray("required");
        Tag tag = shape.tag();
        if (tag != null) {
            members.putObject(tag.property())
                    .put("type", "string")
                    .putArray("enum")
                    .add(tag.value());
            required.add(tag.property());
        }
        for (BeanPropertyDefinition property : properties(shape)) {
            if (tag == null || !property.getName().equals(tag.property())) {
                members.set(property.getName(), member(shape.type().getRawClass(), property));
                required.add(property.getName());
            }
        }
        String about = annotations().findClassDescription(CONFIG, classOf(shape.type()));
        if (about != null) {
            node.put("description", about);
        }
        return node.put("additionalProperties", false);
    }

    private ObjectNode member(Class<?> owner, BeanPropertyDefinition property) {
        ObjectNode plain = schema(property.getPrimaryType());
        ObjectNode member = Nullability.of(owner, property) ? Nullability.orNull(plain) : plain;
        String about = property.getMetadata().getDescription();
        return about == null ? member : member.put("description", about);
    }

    private Iterable<BeanPropertyDefinition> properties(Shape shape) {
        BeanDescription bean = introspector.introspectForDeserialization(shape.type(), classOf(shape.type()));
        return bean.findProperties().stream()
                .filter(BeanPropertyDefinition::couldDeserialize)
                .toList();
    }

    /** The type itself, or the types that it can be, each told by a property. */
    private Set<Shape> shapes(JavaType type) {
        AnnotatedClass base = classOf(type);
        JsonTypeInfo.Value info = annotations().findPolymorphicTypeInfo(CONFIG, base);
        if (info == null || info.getIdType() == JsonTypeInfo.Id.NONE) {
            return Set.of(new Shape(type, null));
        }
        boolean told = info.getInclusionType() == JsonTypeInfo.As.PROPERTY
                || info.getInclusionType() == JsonTypeInfo.As.EXISTING_PROPERTY;
        boolean named = info.getIdType() == JsonTypeInfo.Id.NAME || info.getIdType() == JsonTypeInfo.Id.SIMPLE_NAME;
        if (!told || !named) {
            throw new IllegalArgumentException(
                    "the subtypes of " + type.getRawClass().getName()
                            + " are told apart in a way that no schema is made for; give @JsonTypeInfo a name as a property, or"
                            + " state the schema yourself");
        }
        String property =
                info.getPropertyName() == null ? info.getIdType().getDefaultPropertyName() : info.getPropertyName();
        Set<Shape> shapes = new LinkedHashSet<>();
        for (NamedType subtype : CONFIG.getSubtypeResolver().collectAndResolveSubtypesByTypeId(CONFIG, base)) {
            if (!Modifier.isAbstract(subtype.getType().getModifiers())) {
                String value = subtype.hasName()
                        ? subtype.getName()
                        : subtype.getType().getSimpleName();
                shapes.add(new Shape(
                        CONFIG.getTypeFactory().constructSpecializedType(type, subtype.getType()),
                        new Tag(property, value)));
            }
        }
        return shapes;
    }

    private AnnotatedClass classOf(JavaType type) {
        return introspector.introspectClassAnnotations(type);
    }

    private static AnnotationIntrospector annotations() {
        return CONFIG.getAnnotationIntrospector();
    }
}
