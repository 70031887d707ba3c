using System.Numerics;

namespace Polyphony.Sortition.Invitations;

/// <summary>How many more letters a stratum gets because fewer of its people answer, in thousandths.</summary>
public static class ResponseFactor
{
    /// <summary>No more and no fewer letters than its share of people.</summary>
    public const int Even = 1000;

    /// <summary>The smallest factor taken from observations: a stratum that answers well loses at most three letters of four.</summary>
    public const int Least = 250;

    /// <summary>The greatest factor taken from observations.</summary>
    public const int Most = 4000;

    /// <summary>Letters' worth of the overall rate that each observed rate is mixed with.</summary>
    public const int Prior = 20;

    /// <summary>Factors from expected response rates, so that as many answers are expected of each stratum as it has people.</summary>
    /// <param name="millionths">Expected rates in millionths, 1 to 1,000,000.</param>
    /// <returns>For each the highest rate over its own, rounded half up.</returns>
    public static int[] FromExpected(IReadOnlyList<int> millionths)
    {
        ArgumentNullException.ThrowIfNull(millionths);
        long best = millionths.Max();
        return [.. millionths.Select(rate => (int)(((2 * Even * best) + rate) / (2L * rate)))];
    }

    /// <summary>The rate that is expected of a stratum next time: (r + P·R/I) / (i + P) for r answers to i letters, R to I in all and P = <see cref="Prior"/>.</summary>
    /// <remarks>The mean of a beta-binomial model whose prior is worth P letters at the overall rate (A. Gelman and others, Bayesian Data Analysis, 3rd edition, 2013, section 2.4): a stratum with
    /// few letters is taken to answer about as all do, one with many as it did.</remarks>
    /// <param name="observed">Letters sent to the stratum and its answers.</param>
    /// <param name="allInvited">Letters sent in all.</param>
    /// <param name="allResponded">Answers in all.</param>
    /// <returns>A rate from 0 to 1, rounded half up to four digits.</returns>
    public static decimal Expected((long Invited, long Responded) observed, long allInvited, long allResponded) =>
        allInvited == 0 ? 0 : decimal.Round((observed.Responded + (Prior * (decimal)allResponded / allInvited)) / (observed.Invited + Prior), 4, MidpointRounding.AwayFromZero);

    /// <summary>Factors from the answers to earlier batches: overall rate over the one that is <see cref="Expected">expected</see> of the stratum.</summary>
    /// <remarks>The mixing keeps a small stratum with no answer yet from asking for endless letters (shrinkage towards the mean; exact integers, rounded half up).</remarks>
    /// <param name="observed">Letters sent and answers of each stratum; answers at most letters.</param>
    /// <param name="allInvited">Letters sent in all.</param>
    /// <param name="allResponded">Answers in all.</param>
    /// <returns>Factors between <see cref="Least"/> and <see cref="Most"/>; all <see cref="Even"/> when nobody answered.</returns>
    public static int[] FromObserved(IReadOnlyList<(long Invited, long Responded)> observed, long allInvited, long allResponded)
    {
        ArgumentNullException.ThrowIfNull(observed);
        BigInteger sent = allInvited;
        BigInteger answers = allResponded;
        if (answers.IsZero)
        {
            return [.. observed.Select(_ => Even)];
        }

        // (R/I) / ((r + P·R/I) / (i + P)) = R (i + P) / (r I + P R)
        return
        [
            .. observed.Select(stratum =>
            {
                BigInteger above = answers * (stratum.Invited + Prior) * Even;
                BigInteger below = (stratum.Responded * sent) + (Prior * answers);
                return (int)BigInteger.Min(Most, BigInteger.Max(Least, ((2 * above) + below) / (2 * below)));
            }),
        ];
    }
}
