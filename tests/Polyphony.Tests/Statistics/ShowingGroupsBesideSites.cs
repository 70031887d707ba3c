using Polyphony.Statistics.Disclosure;

namespace Polyphony.Tests.Statistics;

/// <summary>Languages are shown beside sites only where one less the other is nobody, or ten people and more.</summary>
public sealed class ShowingGroupsBesideSites
{
    [Fact]
    public void A_language_that_is_a_site_less_three_people_is_left_out()
    {
        Assert.Equal([1], GroupsBesideSites.Of([[57, 0, 0], [0, 30, 25]], [3, 20, 25]));
        Assert.Equal([1], GroupsBesideSites.Of([[60, 3, 0], [0, 30, 25]], [0, 20, 25]));
        Assert.Equal([0, 1], GroupsBesideSites.Of([[60, 0, 0], [0, 30, 25]], [0, 20, 25]));
        Assert.Equal([0, 1], GroupsBesideSites.Of([[50, 0, 0], [0, 30, 25]], [10, 20, 25]));
    }

    [Fact]
    public void Two_languages_that_together_are_a_site_but_for_three_are_not_both_shown() =>
        Assert.Equal([0], GroupsBesideSites.Of([[37, 0], [20, 0]], [3, 50]));

    [Fact]
    public void No_union_of_what_is_shown_comes_near_a_union_of_sites()
    {
        int shown = 0, left = 0;
        for (int seed = 0; seed < 400; seed++)
        {
            Random chance = new(seed);
            int sites = chance.Next(1, 6), groups = chance.Next(1, 6);
            int[][] people = [.. Enumerable.Range(0, groups + 1).Select(_ => Enumerable.Range(0, sites).Select(_ => chance.Next(3) == 0 ? chance.Next(60) : chance.Next(3)).ToArray())];
            int[] kept = [.. GroupsBesideSites.Of(people[..groups], people[groups])];
            shown += kept.Length;
            left += groups - kept.Length;
            int[] rest = [.. Enumerable.Range(0, sites).Select(site => Enumerable.Range(0, groups + 1).Except(kept).Sum(group => people[group][site]))];
            int[][] parts = [.. kept.Select(group => people[group]), rest];
            for (int union = 0; union < 1 << parts.Length; union++)
            {
                int apart = Enumerable.Range(0, 1 << sites).Min(places => parts.Index().Sum(part => part.Item.Index().Where(site => (union >> part.Index & 1) != (places >> site.Index & 1)).Sum(site => site.Item)));
                Assert.False(apart is > 0 and < 10, $"{seed}: union {union} of groups differs by {apart}");
            }
        }

        Assert.True(shown > 100 && left > 100, $"{shown} shown, {left} left out");
    }

    [Fact]
    public void Many_groups_are_compared_with_the_sites_one_by_one_and_in_pairs()
    {
        int[][] people = [.. Enumerable.Range(0, 40).Select(group => (int[])(group == 7 ? [40, 0, 3] : [10, 12, 14]))];
        Assert.Equal(40, GroupsBesideSites.Of(people, [0, 0, 0]).Length);
        Assert.DoesNotContain(7, GroupsBesideSites.Of([.. people.Index().Select(group => group.Index == 7 ? group.Item : [0, 12, 14])], [2, 0, 0]));
    }

    [Fact]
    public void Groups_with_other_sites_are_refused() => Assert.Throws<ArgumentException>(() => GroupsBesideSites.Of([[1, 2]], [1]));
}
