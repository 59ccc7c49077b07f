// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import java.io.Console;
import java.lang.reflect.InvocationTargetException;

/** Whether a person sits at both ends of this process. */
final class Terminal {
    private Terminal() {}

    /** Since Java 22 a console exists without a terminal too, and says so by a method that older ones lack. */
    static boolean present() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException e) {
            return false;
        }
    }
}
