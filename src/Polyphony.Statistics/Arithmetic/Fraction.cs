using System.Globalization;
using System.Numerics;

namespace Polyphony.Statistics.Arithmetic;

/// <summary>An exact fraction in lowest terms. The default value is nought.</summary>
public readonly record struct Fraction : IComparable<Fraction>
{
    private readonly BigInteger _denominator;

    /// <summary>Makes a fraction and reduces it.</summary>
    /// <param name="numerator">Any whole number.</param>
    /// <param name="denominator">Any whole number but nought; its sign goes to the numerator.</param>
    /// <exception cref="DivideByZeroException">The denominator is nought.</exception>
    public Fraction(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero)
            throw new DivideByZeroException();
        var common = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        Numerator = numerator / common;
        _denominator = denominator / common;
    }

    /// <summary>Bears the sign; shares no divisor with the denominator.</summary>
    public BigInteger Numerator { get; }

    /// <summary>Above 0; 1 for the default value, which is nought.</summary>
    public BigInteger Denominator => _denominator.IsZero ? BigInteger.One : _denominator;

    /// <summary>A whole number as a fraction.</summary>
    public static implicit operator Fraction(BigInteger whole) => new(whole, BigInteger.One);

    /// <summary>A whole number as a fraction.</summary>
    public static implicit operator Fraction(int whole) => new(whole, BigInteger.One);

    /// <summary>The exact sum.</summary>
    public static Fraction operator +(Fraction a, Fraction b) => new((a.Numerator * b.Denominator) + (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    /// <summary>The exact difference.</summary>
    public static Fraction operator -(Fraction a, Fraction b) => new((a.Numerator * b.Denominator) - (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    /// <summary>The exact product.</summary>
    public static Fraction operator *(Fraction a, Fraction b) => new(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    /// <summary>The exact quotient; throws when divided by nought.</summary>
    public static Fraction operator /(Fraction a, Fraction b) => new(a.Numerator * b.Denominator, a.Denominator * b.Numerator);

    /// <summary>Whether a is less than b.</summary>
    public static bool operator <(Fraction a, Fraction b) => a.CompareTo(b) < 0;

    /// <summary>Whether a is greater than b.</summary>
    public static bool operator >(Fraction a, Fraction b) => a.CompareTo(b) > 0;

    /// <summary>Whether a is at most b.</summary>
    public static bool operator <=(Fraction a, Fraction b) => a.CompareTo(b) <= 0;

    /// <summary>Whether a is at least b.</summary>
    public static bool operator >=(Fraction a, Fraction b) => a.CompareTo(b) >= 0;

    /// <inheritdoc/>
    public int CompareTo(Fraction other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    /// <inheritdoc/>
    public bool Equals(Fraction other) => Numerator == other.Numerator && Denominator == other.Denominator;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Numerator, Denominator);

    /// <summary>The nearest double, whatever the number of digits. A whole number of 63 or 64 bits is rounded to the nearest; a large one would be cut off.</summary>
    public double ToDouble()
    {
        if (Numerator.IsZero)
            return 0;
        var shift = (int)(BigInteger.Abs(Numerator).GetBitLength() - Denominator.GetBitLength()) - 63;
        var size = BigInteger.Abs(Numerator);
        var quotient = shift < 0 ? (size << -shift) / Denominator : size / (Denominator << shift);
        return Numerator.Sign * Math.ScaleB((double)(ulong)quotient, shift);
    }

    /// <summary>As <c>3/4</c>, a whole number as <c>3</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Denominator.IsOne
        ? Numerator.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");
}
