using System.Text;

namespace Polyphony.Sortition.Invitations;

/// <summary>A part among which letters are shared out.</summary>
/// <param name="Key">Its name, for ties.</param>
/// <param name="Weight">Its weight, 0 or more; people times factor.</param>
/// <param name="Size">People in it, for ties.</param>
/// <param name="Capacity">The most letters it can take.</param>
public readonly record struct LetterShare(string Key, UInt128 Weight, long Size, long Capacity);

/// <summary>Shares letters out by largest remainders (Hamilton), in integers.</summary>
public static class LetterAllocation
{
    /// <summary>Shares out a number of letters in proportion to weights.</summary>
    /// <remarks>Each part gets the whole number below its quota, the rest goes one each to the largest remainders; of equal ones first to the larger part, then to the
    /// key that comes first by Unicode code points. A part that would get more than it can take gets what it can take, and the rest is shared out anew among the others.</remarks>
    /// <param name="letters">How many, 0 or more.</param>
    /// <param name="parts">The parts; keys are distinct.</param>
    /// <returns>Letters of each part; their sum is <paramref name="letters"/>, or less when the parts with a weight cannot take as many.</returns>
    public static long[] Hamilton(long letters, IReadOnlyList<LetterShare> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentOutOfRangeException.ThrowIfNegative(letters);
        long[] given = new long[parts.Count];
        List<int> open = [.. Enumerable.Range(0, parts.Count).Where(i => parts[i].Weight > 0 && parts[i].Capacity > 0)];
        while (open.Count > 0)
        {
            long[] trial = Round(letters, parts, open);
            int[] full = [.. open.Where(i => trial[i] > parts[i].Capacity)];
            if (full.Length == 0)
            {
                foreach (int i in open)
                {
                    given[i] = trial[i];
                }

                break;
            }

            foreach (int i in full)
            {
                given[i] = parts[i].Capacity;
                letters -= given[i];
                open.Remove(i);
            }
        }

        return given;
    }

    private static long[] Round(long letters, IReadOnlyList<LetterShare> parts, List<int> open)
    {
        UInt128 total = open.Aggregate(UInt128.Zero, (sum, i) => checked(sum + parts[i].Weight));
        long[] given = new long[parts.Count];
        UInt128[] rest = new UInt128[parts.Count];
        long left = letters;
        foreach (int i in open)
        {
            (UInt128 whole, rest[i]) = UInt128.DivRem(checked((UInt128)letters * parts[i].Weight), total);
            given[i] = (long)whole;
            left -= given[i];
        }

        foreach (int i in open.OrderByDescending(i => rest[i]).ThenByDescending(i => parts[i].Size).ThenBy(i => parts[i].Key, CodePoints.Instance).Take((int)left))
        {
            given[i]++;
        }

        return given;
    }
}

/// <summary>Compares text by Unicode code points, as UTF-8 bytes compare: every language can do that alike.</summary>
public sealed class CodePoints : IComparer<string>
{
    /// <summary>The one instance.</summary>
    public static readonly CodePoints Instance = new();

    private CodePoints()
    {
    }

    /// <inheritdoc/>
    public int Compare(string? x, string? y) => Encoding.UTF8.GetBytes(x ?? "").AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y ?? ""));
}
