// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import dev.holdfast.failure.Category;

/**
 * One line of a rule table.
 *
 * @param step when it is asked, relative to the rules of all tables
 * @param name stable, unique inside its table; with the table's id it is the {@code rule} of a failure
 */
record Rule(Step step, String name, Condition when, Verdict verdict) {
    /** The name of rules for refusals by guardrails that the caller configured at the provider. */
    static final String OWN_GUARDRAIL = "own_guardrail";

    /** The order of asking. Inside a step the provider's own table comes first, then the shared one, then the others. */
    enum Step {
        /** The caller left. */
        CALLER("The caller left"),
        /** Exceptions that name what happened to the connection; asked only when there is no HTTP status. */
        CONNECTION("Connections, when there is no status"),
        /** Codes and statuses that are known to say something else than they mean. */
        LIAR("Known liars"),
        /** Typed machine codes. */
        CODE("Typed codes"),
        /** Words of the message. */
        TEXT("Words"),
        /** The bare HTTP status, and answers that only look like a success. */
        STATUS("Status"),
        /** What the class of an exception alone says. */
        EXCEPTION("Other exceptions");

        private final String title;

        Step(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    /**
     * Whether the rule is asked for another family's errors too. Typed names are, for APIs copy each other's; words are
     * only behind a gateway; numbers as codes and bare statuses mean something else elsewhere.
     */
    boolean holdsElsewhere(boolean behindGateway) {
        return (behindGateway || step == Step.CODE) && step != Step.STATUS && !asksForNumbers(when);
    }

    private static boolean asksForNumbers(Condition condition) {
        if (condition instanceof Condition.All all) {
            return all.parts().stream().anyMatch(Rule::asksForNumbers);
        }
        if (condition instanceof Condition.Any any) {
            return any.parts().stream().anyMatch(Rule::asksForNumbers);
        }
        return condition instanceof Condition.Code code
                && code.anyOf().stream().anyMatch(name -> Character.isDigit(name.charAt(0)));
    }

    static Rule liar(String name, Category category, Condition when) {
        return new Rule(Step.LIAR, name, when, Verdict.of(category));
    }

    static Rule liar(String name, Verdict verdict, Condition when) {
        return new Rule(Step.LIAR, name, when, verdict);
    }

    /** A rule of typed codes alone, named after its category. */
    static Rule code(Category category, String codes) {
        return new Rule(Step.CODE, category.word() + "_code", Condition.code(codes), Verdict.of(category));
    }

    static Rule code(String name, Category category, Condition when) {
        return new Rule(Step.CODE, name, when, Verdict.of(category));
    }

    static Rule code(String name, Verdict verdict, Condition when) {
        return new Rule(Step.CODE, name, when, verdict);
    }

    static Rule text(String name, Category category, Condition when) {
        return new Rule(Step.TEXT, name, when, Verdict.of(category));
    }

    static Rule text(String name, Verdict verdict, Condition when) {
        return new Rule(Step.TEXT, name, when, verdict);
    }

    static Rule status(String name, Verdict verdict, Condition when) {
        return new Rule(Step.STATUS, name, when, verdict);
    }

    static Rule status(String name, Category category, Condition when) {
        return new Rule(Step.STATUS, name, when, Verdict.of(category));
    }

    static Rule connection(String name, Category category, Condition when) {
        return new Rule(Step.CONNECTION, name, when, Verdict.of(category));
    }

    static Rule connection(String name, Verdict verdict, Condition when) {
        return new Rule(Step.CONNECTION, name, when, verdict);
    }

    static Rule exception(String name, Category category, Condition when) {
        return new Rule(Step.EXCEPTION, name, when, Verdict.of(category));
    }

    static Rule caller(String name, Condition when) {
        return new Rule(Step.CALLER, name, when, Verdict.of(Category.CANCELLED));
    }
}
