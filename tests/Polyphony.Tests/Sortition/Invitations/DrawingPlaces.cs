using System.Buffers.Binary;
using System.Security.Cryptography;
using Polyphony.Sortition.Invitations;

namespace Polyphony.Tests.Sortition.Invitations;

public sealed class DrawingPlaces
{
    private const int Runs = 4000;

    [Fact]
    public void A_place_is_as_likely_as_it_has_people()
    {
        Place[] places = [.. Enumerable.Range(1, 12).Select(i => new Place($"p{i:00}", 100 * i, ""))];
        int[] hits = new int[places.Length];
        for (int run = 0; run < Runs; run++)
        {
            IReadOnlyList<DrawnPlace> drawn = PlaceDraw.Systematic(Key(run), "", places, 4);
            Assert.Equal(4, drawn.Select(place => place.Place.Name).Distinct().Count());
            foreach (DrawnPlace place in drawn)
            {
                hits[Array.IndexOf(places, place.Place)]++;
            }
        }

        // 4 of 12 places with 7,800 people: place i has the chance 4 · 100 i / 7,800.
        double statistic = hits.Select((count, i) => Math.Pow(count - (Runs * 400.0 * (i + 1) / 7800), 2) / (Runs * 400.0 * (i + 1) / 7800)).Sum();

        // Drawing without replacement spreads less than chi-square with 11 degrees of freedom; its 99.9 % point is 31.3.
        Assert.True(statistic < 31.3, $"{statistic}");
    }

    [Fact]
    public void A_place_too_large_for_its_share_is_certain()
    {
        Place[] places = [new("giant", 900, ""), new("a", 50, ""), new("b", 30, ""), new("c", 20, "")];
        int[] hits = new int[4];
        for (int run = 0; run < Runs; run++)
        {
            IReadOnlyList<DrawnPlace> drawn = PlaceDraw.Systematic(Key(run), "s", places, 2);
            Assert.Equal(2, drawn.Count);
            Assert.True(drawn[0] is { Certain: true, Place.Name: "giant" });
            hits[Array.IndexOf(places, drawn[1].Place)]++;
        }

        // The other seat goes to a, b and c as 5 : 3 : 2.
        double statistic = new[] { 0.5, 0.3, 0.2 }.Select((share, i) => Math.Pow(hits[i + 1] - (Runs * share), 2) / (Runs * share)).Sum();
        Assert.True(statistic < 13.8, $"{statistic}");
    }

    [Fact]
    public void Letters_give_every_inhabitant_the_same_chance()
    {
        // 3 places for 3,000 letters: letters times chance over people is the same everywhere.
        Place[] places = [new("giant", 600, "s"), new("a", 150, "s"), new("b", 150, "s"), new("c", 100, "s")];
        double[] letters = new double[4];
        InvitationPlan plan = new(3000, [], [], null, new PlacePlan(PlaceMethod.Proportional, 3, places, []));
        for (int run = 0; run < Runs; run++)
        {
            foreach (PlaceLetters place in plan.Share(Key(run)).Places)
            {
                letters[Array.FindIndex(places, one => one.Name == place.Name)] += place.Letters;
            }
        }

        Assert.All(places.Zip(letters), pair => Assert.InRange(pair.Second / Runs / pair.First.Population, 2.85, 3.15));
    }

    [Fact]
    public void Strata_get_places_by_their_people()
    {
        Place[] places = [.. Enumerable.Range(0, 20).Select(i => new Place($"p{i:00}", i < 10 ? 300 : 100, i < 10 ? "large" : "small"))];
        InvitationPlan plan = new(100, [], [], null, new PlacePlan(PlaceMethod.Proportional, 8, places, []));
        IReadOnlyList<PlaceLetters> drawn = plan.Share(Key(1)).Places;
        Assert.Equal(6, drawn.Count(place => string.CompareOrdinal(place.Name, "p10") < 0));
        Assert.Equal(100, drawn.Sum(place => place.Letters));
        Assert.Equal(75, drawn.Where(place => string.CompareOrdinal(place.Name, "p10") < 0).Sum(place => place.Letters));
    }

    [Fact]
    public void The_order_of_places_changes_nothing()
    {
        Place[] places = [.. Enumerable.Range(1, 15).Select(i => new Place($"p{i:00}", 97 * i, ""))];
        for (int run = 0; run < 50; run++)
        {
            Assert.Equal(PlaceDraw.Systematic(Key(run), "", places, 5), PlaceDraw.Systematic(Key(run), "", [.. places.Reverse()], 5));
            Assert.Equal(PlaceDraw.Lottery(Key(run), places, 5), PlaceDraw.Lottery(Key(run), [.. places.Reverse()], 5));
        }
    }

    [Fact]
    public void A_location_lottery_is_weighted_by_population_and_may_repeat()
    {
        Place[] places = [new("a", 1, ""), new("b", 2, ""), new("c", 7, "")];
        int[] hits = new int[3];
        for (int run = 0; run < Runs; run++)
        {
            foreach (Place place in PlaceDraw.Lottery(Key(run), places, 5))
            {
                hits[Array.IndexOf(places, place)]++;
            }
        }

        double statistic = new[] { 0.1, 0.2, 0.7 }.Select((share, i) => Math.Pow(hits[i] - (5 * Runs * share), 2) / (5 * Runs * share)).Sum();
        Assert.True(statistic < 13.8, $"{statistic}");
    }

    /// <summary>Repeatable keys of a draw.</summary>
    internal static byte[] Key(int run)
    {
        byte[] number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, run);
        return SHA256.HashData(number);
    }
}
