namespace Polyphony.Sortition;

/// <summary>A quota: how many people on the panel bear a value.</summary>
/// <param name="Value">The value's name.</param>
/// <param name="Min">At least, 0 or more.</param>
/// <param name="Max">At most, not below <paramref name="Min"/>.</param>
/// <param name="MinFlex">How low the minimum may be taken when quotas cannot be met; null: to 0.</param>
/// <param name="MaxFlex">How high the maximum may be taken; null: to the size of the panel.</param>
public sealed record Quota(string Value, int Min, int Max, int? MinFlex = null, int? MaxFlex = null);

/// <summary>A criterion with the quotas of all its values.</summary>
/// <param name="Name">The criterion's name.</param>
/// <param name="Quotas">One for each value.</param>
public sealed record QuotaSet(string Name, IReadOnlyList<Quota> Quotas);

/// <summary>Somebody in the pool.</summary>
/// <param name="Ticket">The public name of the person: 32 lower-case hexadecimal digits; unique.</param>
/// <param name="Values">For each criterion the index of the person's value.</param>
/// <param name="Household">Key of the household; null: a household of one's own.</param>
public sealed record Candidate(string Ticket, IReadOnlyList<int> Values, string? Household);

/// <summary>People, quotas and the size of the panel.</summary>
/// <param name="Criteria">The criteria with their quotas.</param>
/// <param name="People">Candidates; their order has no influence on any result, see <see cref="PanelTypes"/>.</param>
/// <param name="Size">People on the panel, 1 or more.</param>
public sealed record SortitionPool(IReadOnlyList<QuotaSet> Criteria, IReadOnlyList<Candidate> People, int Size)
{
    /// <summary>Whether people form a panel: right size, distinct, quotas met, nobody of one household twice.</summary>
    /// <param name="members">Indices into <see cref="People"/>.</param>
    /// <returns>Whether all of it holds.</returns>
    public bool IsPanel(IReadOnlyCollection<int> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        return members.Count == Size && AreDistinct(members) && HouseholdsApart(members) && BrokenQuotas(members).Count == 0;
    }

    /// <summary>The quotas that a set of people breaks.</summary>
    /// <param name="members">Indices into <see cref="People"/>.</param>
    /// <returns>Criterion, value and the count that is outside its quota.</returns>
    public IReadOnlyList<(int Criterion, int Value, int Count)> BrokenQuotas(IReadOnlyCollection<int> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        List<(int, int, int)> broken = [];
        for (int c = 0; c < Criteria.Count; c++)
        {
            int[] counts = new int[Criteria[c].Quotas.Count];
            foreach (int member in members)
            {
                counts[People[member].Values[c]]++;
            }

            for (int v = 0; v < counts.Length; v++)
            {
                if (counts[v] < Criteria[c].Quotas[v].Min || counts[v] > Criteria[c].Quotas[v].Max)
                {
                    broken.Add((c, v, counts[v]));
                }
            }
        }

        return broken;
    }

    /// <summary>Whether no two of these people share a household.</summary>
    /// <param name="members">Indices into <see cref="People"/>.</param>
    /// <returns>Whether they are apart.</returns>
    public bool HouseholdsApart(IEnumerable<int> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (int member in members)
        {
            if (People[member].Household is { } household && !seen.Add(household))
            {
                return false;
            }
        }

        return true;
    }

    private bool AreDistinct(IReadOnlyCollection<int> members)
    {
        bool[] seen = new bool[People.Count];
        foreach (int member in members)
        {
            if (seen[member])
            {
                return false;
            }

            seen[member] = true;
        }

        return true;
    }
}
