// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal.schema;

import dev.holdfast.llm.internal.Json;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Which properties may be null, and how their schemas say so. */
final class Nullability {
    private Nullability() {}

    /** Whether the property is an {@code Optional} or marked by an annotation called {@code Nullable}, wherever it stands. */
    static boolean of(Class<?> owner, BeanPropertyDefinition property) {
        return property.getPrimaryType().isReferenceType()
                || marks(owner, property).stream()
                        .anyMatch(mark -> mark.annotationType().getSimpleName().equals("Nullable"));
    }

    private static List<Annotation> marks(Class<?> owner, BeanPropertyDefinition property) {
        List<Annotation> marks = new ArrayList<>();
        for (Class<?> type = owner; type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getName().equals(property.getInternalName())) {
                    add(marks, field, field.getAnnotatedType());
                }
            }
        }
        AnnotatedParameter parameter = property.getConstructorParameter();
        if (parameter != null && parameter.getOwner().getMember() instanceof Executable maker) {
            int index = parameter.getIndex();
            add(marks, maker.getParameters()[index], maker.getParameters()[index].getAnnotatedType());
        }
        if (property.hasSetter()) {
            var setter = property.getSetter().getAnnotated().getParameters()[0];
            add(marks, setter, setter.getAnnotatedType());
        }
        return marks;
    }

    private static void add(List<Annotation> marks, AnnotatedElement... elements) {
        for (AnnotatedElement element : elements) {
            marks.addAll(Arrays.asList(element.getAnnotations()));
        }
    }

    /** The same schema for a value that may be null. */
    static ObjectNode orNull(ObjectNode schema) {
        if (!schema.path("type").isString()) {
            ObjectNode either = Json.object();
            either.putArray("anyOf").add(schema).addObject().put("type", "null");
            return schema.isEmpty() ? schema : either;
        }
        ArrayNode types = Json.array();
        types.add(schema.path("type").stringValue()).add("null");
        schema.set("type", types);
        if (schema.path("enum") instanceof ArrayNode words) {
            words.addNull();
        }
        return schema;
    }
}
