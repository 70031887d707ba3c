using Polyphony.Sortition.Alternates;

namespace Polyphony.Sortition;

/// <summary>What alternates are chosen for.</summary>
/// <param name="Pool">People and the quotas of the whole panel.</param>
/// <param name="Panel">Indices of the people on the panel, distinct.</param>
/// <param name="Free">Indices of people who may be alternates: none of the panel, nobody of its households.</param>
/// <param name="Dropout">For everybody of the pool how likely they are to drop out, 0 to 1, independently of each other; only those of the panel count.</param>
/// <param name="Count">How many alternates, 1 or more.</param>
/// <param name="Seed">Decides who of several equal people it is, and which cases are looked at where all are too many; any bytes.</param>
public sealed record AlternateRequest(SortitionPool Pool, IReadOnlyList<int> Panel, IReadOnlyList<int> Free, IReadOnlyList<double> Dropout, int Count, ReadOnlyMemory<byte> Seed = default);

/// <summary>How far a choice of alternates has come.</summary>
/// <param name="Share">0 to 1.</param>
/// <param name="Step"><c>one-by-one</c> or <c>together</c>.</param>
public sealed record AlternateProgress(double Share, string Step);

/// <summary>People to call when others drop out of a panel, chosen so that the quotas suffer least.</summary>
/// <remarks>When some people drop out, at most as many alternates are called, those that mend most. The damage of a case is what is then still missing from minimums or
/// beyond maximums, each person counted as 1/max of the quota; expected damage is its mean over who may drop out ("ERM-Alts": Assos, Baharav, Flanigan, Procaccia,
/// "Alternates, assemble!", EC 2025, L1 loss). At most one alternate comes from a household. That alternates may decline themselves is not counted.</remarks>
/// <param name="People">Indices into the pool, in the order in which they bring most: the first n are a good choice of n. Fewer than asked for where there are no more.</param>
/// <param name="Damage">Expected damage without alternates, then with the first one, the first two, and so on: one number more than <paramref name="People"/>.</param>
/// <param name="AllCases">Whether all cases of who drops out were looked at; otherwise 300 were drawn, and damage is their mean.</param>
/// <param name="Proven">Whether no other choice of as many people does less damage in the cases that were looked at (to 0.000001).</param>
/// <param name="EndedByLimit">Whether the search was ended before it came to its end: then there may be fewer people than asked for, and the request alone does not give them again.</param>
public sealed record AlternateChoice(IReadOnlyList<int> People, IReadOnlyList<double> Damage, bool AllCases, bool Proven, bool EndedByLimit)
{
    /// <summary>Chooses alternates, in silence and for as long as it takes.</summary>
    public static AlternateChoice Of(AlternateRequest request, CancellationToken cancellationToken) => Of(request, null, CancellationToken.None, cancellationToken);

    /// <summary>Chooses alternates.</summary>
    /// <param name="request">What for.</param>
    /// <param name="progress">Hears how far it is; may be null.</param>
    /// <param name="enough">Ends the search with those who were taken by then, one after the other; the result is then marked.</param>
    /// <param name="cancellationToken">Stops within a moment, without a result.</param>
    /// <returns>The choice; the same request gets the same one, in whatever order the people stand, unless <paramref name="enough"/> ended it.</returns>
    public static AlternateChoice Of(AlternateRequest request, IProgress<AlternateProgress>? progress, CancellationToken enough, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(request.Count);
        foreach (double rate in request.Dropout)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(rate);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(rate, 1);
        }

        QuotaDamage damage = new(request.Pool);
        (IReadOnlyList<DropoutCase> cases, bool all) = DropoutCases.Of(request, damage);
        AlternateKinds kinds = AlternateKinds.Of(request, damage);
        AlternateOrder order = new(damage, cases, kinds);
        AlternateOrder.Found greedy = order.Choose(kinds.Capacities, request.Count, taken => progress?.Report(new(0.5 * taken / request.Count, "one-by-one")), enough, cancellationToken);
        (AlternateOrder.Found found, bool proven, bool ended) = (greedy, false, !greedy.IsWhole);
        if (greedy.IsWhole)
        {
            progress?.Report(new(0.5, "together"));
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(enough, cancellationToken);
            try
            {
                (found, proven) = Together(either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                ended = true;
            }
        }

        return new(kinds.PeopleOf(found.Kinds, request.Seed.Span), found.Damage, all, proven, ended);

        (AlternateOrder.Found Found, bool Proven) Together(CancellationToken token)
        {
            (int[] counts, bool isBest) = AlternateProgram.Best(damage, cases, kinds, request.Count, order.Promising(token), greedy.Kinds, token);
            AlternateOrder.Found exact = order.Choose(counts, request.Count, null, CancellationToken.None, token);

            // The programme takes nobody who mends nothing; the places left go to whom the order would take next.
            AlternateOrder.Found better = exact.Damage[^1] <= greedy.Damage[^1] + 1e-9 ? order.Continue(exact, request.Count, token) : greedy;
            return (better, isBest && better.Damage[^1] <= exact.Damage[^1] + 1e-9);
        }
    }
}
