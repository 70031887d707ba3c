using Polyphony.Proofs;

namespace Polyphony.Sortition.Invitations;

/// <summary>A municipality or another place.</summary>
/// <param name="Name">Its name; unique.</param>
/// <param name="Population">People, 1 or more.</param>
/// <param name="Stratum">State and size class, or whatever places are sorted by; may be empty.</param>
public sealed record Place(string Name, long Population, string Stratum);

/// <summary>A place that was drawn.</summary>
/// <param name="Place">Which one.</param>
/// <param name="Share">Its share of the letters of all drawn places: with it every inhabitant of a stratum has the same chance.</param>
/// <param name="Certain">Whether it had to be drawn, being larger than one drawn place stands for.</param>
public sealed record DrawnPlace(Place Place, UInt128 Share, bool Certain);

/// <summary>Draws places with probability proportional to their population, in integers.</summary>
public static class PlaceDraw
{
    /// <summary>Draws distinct places of one stratum by systematic sampling.</summary>
    /// <remarks>A place with k·p ≥ T (k places to draw, p its population, T that of all) is certain; it is taken out, and k and T are those of the rest, until there is none. The rest stands in
    /// the order that PD1 gives the labels "place/NAME". With r = PD1 index of "places/STRATUM" among T, the points are r + j·T for j = 0 … k − 1 on a line where each place is k·p long:
    /// a place is drawn when a point falls on it, so with probability k·p/T exactly (W. G. Madow, "On the theory of systematic sampling, II", 1949).</remarks>
    /// <param name="key">32 bytes from <see cref="Pd1.Key"/>.</param>
    /// <param name="stratum">Name of the stratum.</param>
    /// <param name="places">Its places.</param>
    /// <param name="count">How many to draw; at most as many as there are.</param>
    /// <returns>The places drawn, certain ones first; shares are comparable within the stratum.</returns>
    public static IReadOnlyList<DrawnPlace> Systematic(ReadOnlySpan<byte> key, string stratum, IReadOnlyList<Place> places, int count)
    {
        ArgumentNullException.ThrowIfNull(places);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, places.Count);
        List<Place> rest = [.. places];
        List<Place> certain = [];
        UInt128 total = Sum(rest);
        int left = count;
        while (left > 0 && rest.Where(place => (UInt128)left * (UInt128)place.Population >= total).OrderByDescending(place => place.Population).ThenBy(place => place.Name, CodePoints.Instance).FirstOrDefault() is { } large)
        {
            certain.Add(large);
            rest.Remove(large);
            total = Sum(rest);
            left--;
        }

        // Letters: a certain place weighs its population, each other one what it stands for, T/k; times k to stay whole.
        UInt128 unit = left == 0 ? UInt128.One : (UInt128)left;
        List<DrawnPlace> drawn = [.. certain.Select(place => new DrawnPlace(place, unit * (UInt128)place.Population, Certain: true))];
        if (left > 0)
        {
            Dictionary<string, Place> byLabel = rest.ToDictionary(place => "place/" + place.Name, StringComparer.Ordinal);
            UInt128 point = Pd1.Index(key, "places/" + stratum, checked((ulong)total)).Index;
            UInt128 end = UInt128.Zero;
            foreach (string label in Pd1.Order(key, byLabel.Keys))
            {
                end += (UInt128)left * (UInt128)byLabel[label].Population;
                if (point < end)
                {
                    drawn.Add(new DrawnPlace(byLabel[label], total, Certain: false));
                    point += total;
                }
            }
        }

        return drawn;
    }

    /// <summary>A location lottery: independent draws, each place as likely as it has people; a place may be drawn more than once.</summary>
    /// <remarks>Places stand in the order of their names by code points; draw number i takes the place on which the PD1 index of "location/i" among all people falls.</remarks>
    /// <param name="key">32 bytes from <see cref="Pd1.Key"/>.</param>
    /// <param name="places">The places.</param>
    /// <param name="count">How many draws.</param>
    /// <returns>The place of each draw, in order.</returns>
    public static IReadOnlyList<Place> Lottery(ReadOnlySpan<byte> key, IReadOnlyList<Place> places, int count)
    {
        ArgumentNullException.ThrowIfNull(places);
        Place[] sorted = [.. places.OrderBy(place => place.Name, CodePoints.Instance)];
        ulong[] ends = new ulong[sorted.Length];
        ulong total = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            ends[i] = total = checked(total + (ulong)sorted[i].Population);
        }

        List<Place> drawn = new(count);
        for (int i = 1; i <= count; i++)
        {
            ulong point = Pd1.Index(key, FormattableString.Invariant($"location/{i}"), total).Index;
            int found = Array.BinarySearch(ends, point);

            // The place whose end is the point itself ends before it.
            drawn.Add(sorted[found >= 0 ? found + 1 : ~found]);
        }

        return drawn;
    }

    private static UInt128 Sum(List<Place> places) => places.Aggregate(UInt128.Zero, (sum, place) => sum + (UInt128)place.Population);
}
