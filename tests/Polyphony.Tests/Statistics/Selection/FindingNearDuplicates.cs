using Polyphony.Statistics.Duplicates;
using static Polyphony.Tests.Statistics.RandomInputs;

namespace Polyphony.Tests.Statistics.Selection;

public sealed class FindingNearDuplicates
{
    private static readonly string[] Words = "the city should build more cycle paths in every street and plant trees before summer while buses run free of charge at night".Split(' ');

    [Fact]
    public void Similarity_once_more_plainly() => Each(random =>
    {
        string[] texts = [.. Enumerable.Range(0, random.Next(0, 9)).Select(_ => random.Next(8) == 0 ? "" : string.Join(' ', Enumerable.Range(0, random.Next(1, 7)).Select(_ => Words[random.Next(Words.Length)])))];
        AlikeTexts[] found = [.. NearDuplicates.Of(texts, 0.05)];
        for (int a = 0; a < texts.Length; a++)
        {
            for (int b = a + 1; b < texts.Length; b++)
            {
                double plain = Plain(texts, a, b);
                AlikeTexts? pair = found.SingleOrDefault(one => one.First == a && one.Second == b);
                if (Math.Abs(plain - 0.05) > 1e-9)
                {
                    Near(plain > 0.05 ? Math.Min(1, plain) : null, pair?.Similarity);
                }
            }
        }

        // Turned round, every pair has the same bits.
        string[] turned = [.. texts.Reverse()];
        Assert.Equal(
            found.Select(pair => (texts.Length - 1 - pair.Second, texts.Length - 1 - pair.First, pair.Similarity)).Order(),
            NearDuplicates.Of(turned, 0.05).Select(pair => (pair.First, pair.Second, pair.Similarity)).Order());
    });

    [Theory]
    [InlineData("We need a wealth tax from 1 million", "We need a wealth tax from 5 million", DuplicateBlock.Numbers)]
    [InlineData("Fares should be 1,000 a year", "Fares should be 1000 a year", DuplicateBlock.None)]
    [InlineData("Fares should be 2.5 a day for all", "Fares should be 25 a day for all", DuplicateBlock.Numbers)]
    [InlineData("Fares should be ٢ a day for all", "Fares should be 2 a day for all", DuplicateBlock.None)]
    [InlineData("Two schools for our valley please", "Three schools for our valley please", DuplicateBlock.Numbers)]
    [InlineData("The council should close the road", "The council should not close the road", DuplicateBlock.Negation)]
    [InlineData("The council should close the road", "The council shouldn’t close the road", DuplicateBlock.Negation)]
    [InlineData("La ville doit fermer la rue au trafic", "La ville ne doit pas fermer la rue au trafic", DuplicateBlock.Negation)]
    [InlineData("Die Stadt soll die Straße sperren", "Die Stadt soll die Straße nicht sperren", DuplicateBlock.Negation)]
    [InlineData("政府應該開放共乘服務", "政府不應該開放共乘服務", DuplicateBlock.Negation)]
    [InlineData("政府應該開放共乘服務", "政府應該開放共乘的服務", DuplicateBlock.None)]
    [InlineData("MORE buses,   at night!", "more buses at night", DuplicateBlock.None)]
    public void Numbers_and_negations_block(string one, string other, DuplicateBlock block)
    {
        AlikeTexts pair = Assert.Single(NearDuplicates.Of([one, "Something else altogether, said at length", other]));
        Assert.Equal((0, 2, block), (pair.First, pair.Second, pair.Block));
    }

    [Fact]
    public void Nothing_is_like_nothing()
    {
        Assert.Empty(NearDuplicates.Of([]));
        Assert.Empty(NearDuplicates.Of(["", "  ", "…!"]));
        Assert.Equal(1, Assert.Single(NearDuplicates.Of(["same words", "same words"])).Similarity, 12);
        Assert.Throws<ArgumentOutOfRangeException>(() => NearDuplicates.Of(["a"], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => NearDuplicates.Of(["a"], 1.1));
    }

    private static double Plain(string[] texts, int a, int b)
    {
        List<string>[] grams = [.. texts.Select(Grams)];
        Dictionary<string, double> Weights(int text) => grams[text].GroupBy(gram => gram).ToDictionary(
            group => group.Key, group => group.Count() * (Math.Log((1.0 + texts.Length) / (1.0 + grams.Count(pieces => pieces.Contains(group.Key)))) + 1));
        (Dictionary<string, double> one, Dictionary<string, double> other) = (Weights(a), Weights(b));
        double lengths = Math.Sqrt(one.Values.Sum(weight => weight * weight)) * Math.Sqrt(other.Values.Sum(weight => weight * weight));
        return lengths == 0 ? 0 : one.Sum(pair => pair.Value * other.GetValueOrDefault(pair.Key)) / lengths;
    }

    private static List<string> Grams(string text) =>
        text.Length == 0 ? [] : [.. new[] { 3, 4, 5 }.SelectMany(length => Enumerable.Range(0, Math.Max(0, text.Length + 3 - length)).Select(from => $" {text} ".Substring(from, length)))];
}
