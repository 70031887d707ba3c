namespace Polyphony.Sortition.Invitations;

/// <summary>How places are drawn before people.</summary>
public enum PlaceMethod
{
    /// <summary>Distinct places, stratified, with probability proportional to population: <see cref="PlaceDraw.Systematic"/>.</summary>
    Proportional = 1,

    /// <summary>Independent draws weighted by population, a place may come again: <see cref="PlaceDraw.Lottery"/>.</summary>
    Lottery = 2,

    /// <summary>Places and their letters were decided before.</summary>
    Given = 3,
}

/// <summary>The first stage: places.</summary>
/// <param name="Method">How they are drawn.</param>
/// <param name="Count">How many draws.</param>
/// <param name="All">All places, by code points of their names.</param>
/// <param name="Letters">For given places the letters of each; otherwise empty.</param>
public sealed record PlacePlan(PlaceMethod Method, int Count, IReadOnlyList<Place> All, IReadOnlyList<long> Letters);

/// <summary>A stratum of the register, within a place when there are places.</summary>
/// <param name="Place">The place, empty without places.</param>
/// <param name="Values">Its value of each criterion.</param>
/// <param name="Rows">Rows of the register in it: its weight.</param>
/// <param name="Free">Those that had no letter before: the most letters it can take.</param>
/// <param name="Factor">How many letters more or fewer than its weight, in thousandths.</param>
public sealed record InvitationCell(string Place, IReadOnlyList<string> Values, long Rows, long Free, int Factor)
{
    /// <summary>Place and values, joined by U+001F: the order of cells and ties.</summary>
    public string Key => string.Join('\u001f', Values.Prepend(Place));
}

/// <summary>The register as the manifest commits to it.</summary>
/// <param name="Root">Merkle root of its rows, lower-case hexadecimal; see <see cref="RegisterTickets.Root"/>.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Excluded">How many rows had a letter before.</param>
/// <param name="ExcludedHash">Hash of their tickets as of a panel, see <see cref="Proofs.Pd1.PanelHash"/>.</param>
/// <param name="SaltHash">SHA-256 of the salt, lower-case hexadecimal, or empty when tickets follow from the ids alone.</param>
/// <param name="Id">Column of the id, empty for the number of the data row.</param>
/// <param name="Household">Columns of the household.</param>
/// <param name="Place">Column of the place, empty without places.</param>
public sealed record RegisterCommitment(
    string Root, long Rows, long Excluded, string ExcludedHash, string SaltHash, string Id, IReadOnlyList<string> Household, string Place);

/// <summary>Everything that decides, with public randomness, who gets a letter.</summary>
/// <param name="Letters">How many letters.</param>
/// <param name="Criteria">Columns that make the strata.</param>
/// <param name="Cells">The strata by their keys' code points.</param>
/// <param name="Register">The register; null when only places are drawn.</param>
/// <param name="Places">The first stage; null without one.</param>
public sealed record InvitationPlan(long Letters, IReadOnlyList<string> Criteria, IReadOnlyList<InvitationCell> Cells, RegisterCommitment? Register, PlacePlan? Places)
{
    /// <summary>Shares the letters out once the randomness is known.</summary>
    /// <param name="key">32 bytes from <see cref="Proofs.Pd1.Key"/>.</param>
    /// <returns>Places and letters.</returns>
    public LetterShares Share(ReadOnlySpan<byte> key)
    {
        IReadOnlyList<PlaceLetters> places = Places is null ? [] : DrawPlaces(key);
        long[] letters = new long[Cells.Count];
        if (Places is null)
        {
            LetterAllocation.Hamilton(Letters, [.. Cells.Select(Part)]).CopyTo(letters, 0);
        }
        else
        {
            ILookup<string, int> byPlace = Enumerable.Range(0, Cells.Count).ToLookup(i => Cells[i].Place, StringComparer.Ordinal);
            foreach (PlaceLetters place in places)
            {
                int[] own = [.. byPlace[place.Name]];
                long[] shared = LetterAllocation.Hamilton(place.Letters, [.. own.Select(i => Part(Cells[i]))]);
                for (int i = 0; i < own.Length; i++)
                {
                    letters[own[i]] = shared[i];
                }
            }
        }

        return new LetterShares(places, letters);
    }

    private static LetterShare Part(InvitationCell cell) => new(cell.Key, (UInt128)cell.Rows * (UInt128)cell.Factor, cell.Rows, cell.Free);

    private IReadOnlyList<PlaceLetters> DrawPlaces(ReadOnlySpan<byte> key)
    {
        switch (Places!.Method)
        {
            case PlaceMethod.Given:
                return [.. Places.All.Select((place, i) => new PlaceLetters(place.Name, Places.Letters[i], 1, Certain: true)).Where(place => place.Letters > 0)];
            case PlaceMethod.Lottery:
                IReadOnlyList<Place> drawn = PlaceDraw.Lottery(key, Places.All, Places.Count);
                (Place Place, int Times)[] times = [.. drawn.GroupBy(place => place.Name, StringComparer.Ordinal).Select(group => (group.First(), group.Count())).OrderBy(pair => pair.Item1.Name, CodePoints.Instance)];
                long[] equal = LetterAllocation.Hamilton(Letters, [.. times.Select(pair => new LetterShare(pair.Place.Name, (UInt128)pair.Times, pair.Place.Population, long.MaxValue))]);
                return [.. times.Select((pair, i) => new PlaceLetters(pair.Place.Name, equal[i], pair.Times, Certain: false))];
            default:
                return Stratified(key);
        }
    }

    private List<PlaceLetters> Stratified(ReadOnlySpan<byte> key)
    {
        (string Name, Place[] Places, long People)[] strata =
            [.. Places!.All.GroupBy(place => place.Stratum, StringComparer.Ordinal).OrderBy(group => group.Key, CodePoints.Instance).Select(group => (group.Key, group.ToArray(), group.Sum(place => place.Population)))];
        long[] counts = LetterAllocation.Hamilton(Places.Count, [.. strata.Select(stratum => new LetterShare(stratum.Name, (UInt128)stratum.People, stratum.People, stratum.Places.Length))]);

        // A stratum without a drawn place gets no letters: those who live there have their share in how places were rounded.
        long[] letters = LetterAllocation.Hamilton(Letters, [.. strata.Select((stratum, s) => new LetterShare(stratum.Name, counts[s] == 0 ? 0 : (UInt128)stratum.People, stratum.People, long.MaxValue))]);
        List<PlaceLetters> drawn = [];
        for (int s = 0; s < strata.Length; s++)
        {
            IReadOnlyList<DrawnPlace> own = PlaceDraw.Systematic(key, strata[s].Name, strata[s].Places, (int)counts[s]);
            long[] shared = LetterAllocation.Hamilton(letters[s], [.. own.Select(place => new LetterShare(place.Place.Name, place.Share, place.Place.Population, long.MaxValue))]);
            drawn.AddRange(own.Select((place, i) => new PlaceLetters(place.Place.Name, shared[i], 1, place.Certain)));
        }

        return drawn;
    }
}

/// <summary>A drawn place and its letters.</summary>
/// <param name="Name">The place.</param>
/// <param name="Letters">Its letters.</param>
/// <param name="Times">How often it was drawn.</param>
/// <param name="Certain">Whether it had to be drawn.</param>
public sealed record PlaceLetters(string Name, long Letters, int Times, bool Certain);

/// <summary>How the letters are shared out.</summary>
/// <param name="Places">Places drawn, empty without a first stage.</param>
/// <param name="Letters">Letters of each cell.</param>
public sealed record LetterShares(IReadOnlyList<PlaceLetters> Places, IReadOnlyList<long> Letters);
