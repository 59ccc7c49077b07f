// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Arithmetic as Python does it: whole numbers exact and bounded, {@code /} always a float, {@code //} and {@code %}
 * rounded down, booleans counted as 0 and 1.
 */
final class Numbers {
    static final int EQUAL = 0;
    private static final int UNORDERED = 2;
    private static final int MAX_EXPONENT = 1000;

    private Numbers() {}

    static boolean isNumber(@Nullable Object value) {
        return value instanceof BigInteger || value instanceof Double || value instanceof Boolean;
    }

    static boolean isWhole(@Nullable Object value) {
        return value instanceof BigInteger || value instanceof Boolean;
    }

    static BigInteger whole(@Nullable Object value) {
        if (value instanceof Boolean flag) {
            return flag ? BigInteger.ONE : BigInteger.ZERO;
        }
        if (value instanceof BigInteger whole) {
            return whole;
        }
        throw Trouble.type("a whole number is needed here, not " + Values.typeName(value));
    }

    static double real(@Nullable Object value) {
        if (value instanceof Double real) {
            return real;
        }
        double real = whole(value).doubleValue();
        if (Double.isInfinite(real)) {
            throw Trouble.arithmetic("a whole number is too large for a float");
        }
        return real;
    }

    /** -1, 0 or 1; another number where a side is not a number. */
    static int compare(@Nullable Object left, @Nullable Object right) {
        if (isWhole(left) && isWhole(right)) {
            return whole(left).compareTo(whole(right));
        }
        if (left instanceof Double a && right instanceof Double b) {
            return a.isNaN() || b.isNaN() ? UNORDERED : a.equals(b) || a == b.doubleValue() ? EQUAL : a < b ? -1 : 1;
        }
        if (left instanceof Double) {
            int turned = compare(right, left);
            return turned == UNORDERED ? UNORDERED : -turned;
        }
        double real = right instanceof Double value ? value : 0;
        if (Double.isNaN(real)) {
            return UNORDERED;
        }
        if (Double.isInfinite(real)) {
            return real > 0 ? -1 : 1;
        }
        return new BigDecimal(whole(left)).compareTo(new BigDecimal(real));
    }

    static boolean ordered(String sign, int comparison) {
        if (comparison == UNORDERED) {
            return false;
        }
        return switch (sign) {
            case "<" -> comparison < 0;
            case "<=" -> comparison <= 0;
            case ">" -> comparison > 0;
            default -> comparison >= 0;
        };
    }

    static Object compute(String sign, Object left, Object right) {
        return isWhole(left) && isWhole(right)
                ? computeWhole(sign, whole(left), whole(right))
                : computeReal(sign, real(left), real(right));
    }

    private static Object computeWhole(String sign, BigInteger a, BigInteger b) {
        return switch (sign) {
            case "+" -> bounded(a.add(b));
            case "-" -> bounded(a.subtract(b));
            case "*" -> {
                checkBits((long) a.bitLength() + b.bitLength() - 1);
                yield bounded(a.multiply(b));
            }
            case "/" -> divide(a, b);
            case "//" -> floorDivide(a, b);
            case "%" -> a.subtract(floorDivide(a, b).multiply(b));
            default -> power(a, b);
        };
    }

    private static BigInteger floorDivide(BigInteger a, BigInteger b) {
        checkDivisor(b.signum() == 0);
        BigInteger[] parts = a.divideAndRemainder(b);
        boolean down = parts[1].signum() != 0 && parts[1].signum() != b.signum();
        return down ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }

    /** Rounded once: a quotient with more bits than a float has, its last bit set where something was left over. */
    private static double divide(BigInteger a, BigInteger b) {
        checkDivisor(b.signum() == 0);
        if (a.bitLength() <= 53 && b.bitLength() <= 53) {
            return a.doubleValue() / b.doubleValue();
        }
        int shift = Math.max(0, 66 - a.bitLength() + b.bitLength());
        BigInteger[] parts = a.abs().shiftLeft(shift).divideAndRemainder(b.abs());
        BigInteger quotient =
                parts[1].signum() == 0 ? parts[0] : parts[0].shiftLeft(1).setBit(0);
        int scale = parts[1].signum() == 0 ? shift : shift + 1;
        double result = new BigDecimal(quotient)
                .divide(new BigDecimal(BigInteger.ONE.shiftLeft(scale)))
                .doubleValue();
        if (Double.isInfinite(result)) {
            throw Trouble.arithmetic("a quotient is too large for a float");
        }
        return a.signum() < 0 != b.signum() < 0 ? -result : result;
    }

    private static Object power(BigInteger base, BigInteger exponent) {
        if (exponent.signum() < 0) {
            return powerReal(real(base), real(exponent));
        }
        if (exponent.bitLength() > 31 || exponent.intValue() > MAX_EXPONENT) {
            throw Trouble.limit("an exponent is larger than " + MAX_EXPONENT);
        }
        checkBits((base.bitLength() - 1L) * exponent.intValue());
        return bounded(base.pow(exponent.intValue()));
    }

    private static Object computeReal(String sign, double a, double b) {
        return switch (sign) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> {
                checkDivisor(b == 0);
                yield a / b;
            }
            case "//" -> floorDivide(a, b);
            case "%" -> modulo(a, b);
            default -> powerReal(a, b);
        };
    }

    private static double modulo(double a, double b) {
        checkDivisor(b == 0);
        double rest = a % b;
        if (rest == 0) {
            return Math.copySign(0.0, b);
        }
        return rest < 0 == b < 0 ? rest : rest + b;
    }

    private static double floorDivide(double a, double b) {
        checkDivisor(b == 0);
        double rest = a % b;
        double quotient = (a - rest) / b;
        if (rest != 0 && rest < 0 != b < 0) {
            quotient -= 1;
        }
        if (quotient == 0) {
            return Math.copySign(0.0, a / b);
        }
        double floor = Math.floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }

    private static double powerReal(double a, double b) {
        if (a == 0 && b < 0) {
            throw Trouble.arithmetic("zero cannot be raised to a negative power");
        }
        if (a < 0 && !Double.isInfinite(a) && !Double.isInfinite(b) && b != Math.rint(b)) {
            throw Trouble.value("a negative number to a broken power is a complex number");
        }
        double result = b == 0 || a == 1 ? 1 : Math.abs(a) == 1 && Double.isInfinite(b) ? 1 : Math.pow(a, b);
        if (Double.isInfinite(result) && !Double.isInfinite(a) && !Double.isInfinite(b)) {
            throw Trouble.arithmetic("a power is too large for a float");
        }
        return result;
    }

    static Object bits(String sign, Object left, Object right) {
        if (left instanceof Boolean a && right instanceof Boolean b) {
            switch (sign) {
                case "&":
                    return a && b;
                case "|":
                    return a || b;
                case "^":
                    return !a.equals(b);
                default:
            }
        }
        BigInteger a = whole(left);
        BigInteger b = whole(right);
        return switch (sign) {
            case "&" -> a.and(b);
            case "|" -> a.or(b);
            case "^" -> a.xor(b);
            default -> shift(a, b, sign.equals("<<"));
        };
    }

    private static BigInteger shift(BigInteger value, BigInteger by, boolean left) {
        if (by.signum() < 0) {
            throw Trouble.value("a shift cannot be negative");
        }
        if (value.signum() == 0) {
            return value;
        }
        if (left) {
            checkBits(by.bitLength() > 31 ? Long.MAX_VALUE : (long) value.bitLength() + by.intValue());
            return value.shiftLeft(by.intValue());
        }
        return by.bitLength() > 31 ? BigInteger.valueOf(value.signum() < 0 ? -1 : 0) : value.shiftRight(by.intValue());
    }

    static Object negate(Object value) {
        return value instanceof Double real ? (Object) (-real) : whole(value).negate();
    }

    static Object absolute(@Nullable Object value) {
        return value instanceof Double real
                ? (Object) Math.abs(real)
                : whole(value).abs();
    }

    /** Half to even, by the exact value of a float; without digits a whole number. */
    static Object round(@Nullable Object value, @Nullable Object digits) {
        if (value instanceof Double real) {
            if (digits == null) {
                return wholeOf(Math.rint(real));
            }
            BigInteger places = whole(digits);
            if (real.isNaN() || real.isInfinite() || places.bitLength() > 10) {
                return places.signum() < 0 && !real.isNaN() && !real.isInfinite() ? Math.copySign(0.0, real) : real;
            }
            double rounded = new BigDecimal(real)
                    .setScale(places.intValue(), RoundingMode.HALF_EVEN)
                    .doubleValue();
            if (Double.isInfinite(rounded)) {
                throw Trouble.arithmetic("a rounded number is too large for a float");
            }
            return rounded == 0 ? Math.copySign(0.0, real) : rounded;
        }
        BigInteger whole = whole(value);
        if (digits == null || whole(digits).signum() >= 0) {
            return whole;
        }
        if (whole(digits).bitLength() > 12) {
            return BigInteger.ZERO;
        }
        return new BigDecimal(whole)
                .setScale(whole(digits).intValue(), RoundingMode.HALF_EVEN)
                .toBigInteger();
    }

    /** A float cut to a whole number. */
    static BigInteger wholeOf(double real) {
        if (Double.isNaN(real)) {
            throw Trouble.value("nan is no whole number");
        }
        if (Double.isInfinite(real)) {
            throw Trouble.arithmetic("infinity is no whole number");
        }
        return new BigDecimal(real).toBigInteger();
    }

    private static void checkDivisor(boolean zero) {
        if (zero) {
            throw Trouble.arithmetic("division by zero");
        }
    }

    private static BigInteger bounded(BigInteger value) {
        checkBits(value.bitLength());
        return value;
    }

    private static void checkBits(long bits) {
        if (bits > Limits.INT_BITS) {
            throw Trouble.limit("the condition makes a whole number of more than " + Limits.INT_BITS + " bits");
        }
    }
}
