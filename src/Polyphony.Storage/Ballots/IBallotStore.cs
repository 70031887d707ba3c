using Polyphony.Storage.Connections;

namespace Polyphony.Storage.Ballots;

/// <summary>Writes batches of ballots durably, each batch in one transaction.</summary>
public interface IBallotStore : IAsyncDisposable
{
    /// <summary>Decides and writes a batch.</summary>
    /// <param name="submissions">The ballots, in the order in which they came.</param>
    /// <param name="cancellationToken">Stops before the commit.</param>
    /// <returns>The results, in the same order; they may be told to anybody only now that the transaction is committed.</returns>
    Task<BallotResult[]> SaveAsync(IReadOnlyList<BallotSubmission> submissions, CancellationToken cancellationToken);
}

/// <summary>Opens the store to which the one writer writes.</summary>
public delegate IBallotStore OpenBallotStore();

/// <summary>The stores of the two databases.</summary>
public static class BallotStores
{
    public static IBallotStore Open(DatabaseAddress address) => address switch
    {
        DatabaseAddress.Sqlite sqlite => new SqliteBallotStore(sqlite),
        DatabaseAddress.Postgres postgres => new PostgresBallotStore(postgres),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
