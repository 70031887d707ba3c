using CsCheck;
using Polyphony.Sortition.Invitations;

namespace Polyphony.Tests.Sortition.Invitations;

public sealed class SharingLettersOut
{
    [Fact]
    public void The_largest_remainders_get_what_is_left() =>
        // Quotas 4.7, 3.1 and 2.2: floors 4, 3, 2, and the one left goes to .7.
        Assert.Equal([5, 3, 2], LetterAllocation.Hamilton(10, [Part("a", 47), Part("b", 31), Part("c", 22)]));

    [Fact]
    public void Of_equal_remainders_the_larger_part_comes_first() =>
        // Quotas 0.5, 1.5 and 1.0 of 3: both halves are equal, b is larger.
        Assert.Equal([0, 2, 1], LetterAllocation.Hamilton(3, [Part("a", 1), Part("b", 3), Part("c", 2)]));

    [Fact]
    public void Of_equal_parts_the_first_key_by_code_points_comes_first()
    {
        Assert.Equal([0, 1], LetterAllocation.Hamilton(1, [Part("b", 1), Part("a", 1)]));

        // U+FF5E comes before U+1F600, though its UTF-16 unit comes after the surrogate.
        Assert.Equal([0, 1], LetterAllocation.Hamilton(1, [Part("\U0001F600", 1), Part("\uFF5E", 1)]));
    }

    [Fact]
    public void A_full_part_leaves_its_rest_to_the_others() =>
        Assert.Equal([2, 4, 4], LetterAllocation.Hamilton(10, [new("a", 80, 80, 2), new("b", 10, 10, 100), new("c", 10, 10, 100)]));

    [Fact]
    public void What_nobody_can_take_is_not_given() =>
        Assert.Equal([2, 0, 3], LetterAllocation.Hamilton(10, [new("a", 80, 80, 2), new("b", 0, 10, 100), new("c", 10, 10, 3)]));

    [Fact]
    public void Sums_hold_and_nobody_is_a_whole_letter_from_the_quota() =>
        Gen.Select(Gen.Long[0, 100_000], Gen.Int[0, 50_000].Array[1, 60].Where(weights => weights.Sum() > 0)).Sample((letters, weights) =>
        {
            long[] given = LetterAllocation.Hamilton(letters, [.. weights.Index().Select(part => Part($"{part.Index:00}", part.Item))]);
            Assert.Equal(letters, given.Sum());
            decimal total = weights.Sum(weight => (decimal)weight);
            Assert.All(given.Zip(weights), pair => Assert.True(Math.Abs(pair.First - (letters * pair.Second / total)) < 1, $"{pair}"));
        });

    [Fact]
    public void The_order_of_parts_changes_nothing() =>
        Gen.Select(Gen.Long[0, 5_000], Gen.Int[0, 30].Array[1, 30].Where(weights => weights.Sum() > 0), Gen.Int).Sample((letters, weights, seed) =>
        {
            LetterShare[] parts = [.. weights.Index().Select(part => new LetterShare($"{part.Index:00}", (UInt128)part.Item, part.Item, 200))];
            LetterShare[] turned = [.. parts.OrderBy(part => HashCode.Combine(seed, part.Key))];
            Dictionary<string, long> first = parts.Zip(LetterAllocation.Hamilton(letters, parts)).ToDictionary(pair => pair.First.Key, pair => pair.Second);
            Assert.All(turned.Zip(LetterAllocation.Hamilton(letters, turned)), pair => Assert.Equal(first[pair.First.Key], pair.Second));
        });

    [Fact]
    public void Factors_follow_expected_and_observed_response()
    {
        Assert.Equal([1000, 2000, 3333], ResponseFactor.FromExpected([100_000, 50_000, 30_000]));
        Assert.Equal([1000, 1000], ResponseFactor.FromObserved([(10, 0), (50, 0)], 60, 0));

        // Overall 0.1; the first (10 + 2) / 120 = 0.1, the second (0 + 2) / 40 = 0.05; the third was never asked.
        Assert.Equal([1000, 2000, 1000], ResponseFactor.FromObserved([(100, 10), (20, 0), (0, 0)], 1000, 100));
        Assert.Equal([250, 4000], ResponseFactor.FromObserved([(1000, 1000), (10_000, 1)], 11_000, 1001));
    }

    private static LetterShare Part(string key, int weight) => new(key, (UInt128)weight, weight, long.MaxValue);
}
