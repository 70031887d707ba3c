using System.Numerics;

namespace Polyphony.Statistics.Arithmetic;

/// <summary>An exact fraction in lowest terms.</summary>
internal readonly record struct Fraction : IComparable<Fraction>
{
    private readonly BigInteger _denominator;

    public Fraction(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero)
            throw new DivideByZeroException();
        var common = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        Numerator = numerator / common;
        _denominator = denominator / common;
    }

    public BigInteger Numerator { get; }

    /// <summary>Above 0; 1 for the default value, which is nought.</summary>
    public BigInteger Denominator => _denominator.IsZero ? BigInteger.One : _denominator;

    public static implicit operator Fraction(BigInteger whole) => new(whole, BigInteger.One);

    public static implicit operator Fraction(int whole) => new(whole, BigInteger.One);

    public static Fraction operator +(Fraction a, Fraction b) => new((a.Numerator * b.Denominator) + (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    public static Fraction operator -(Fraction a, Fraction b) => new((a.Numerator * b.Denominator) - (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    public static Fraction operator *(Fraction a, Fraction b) => new(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    public static Fraction operator /(Fraction a, Fraction b) => new(a.Numerator * b.Denominator, a.Denominator * b.Numerator);

    public static bool operator <(Fraction a, Fraction b) => a.CompareTo(b) < 0;

    public static bool operator >(Fraction a, Fraction b) => a.CompareTo(b) > 0;

    public static bool operator <=(Fraction a, Fraction b) => a.CompareTo(b) <= 0;

    public static bool operator >=(Fraction a, Fraction b) => a.CompareTo(b) >= 0;

    public int CompareTo(Fraction other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    public bool Equals(Fraction other) => Numerator == other.Numerator && Denominator == other.Denominator;

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
}
