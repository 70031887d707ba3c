using Google.OrTools.LinearSolver;

namespace Polyphony.Sortition.Solving;

/// <summary>Linear programmes (GLOP) that can be told to end.</summary>
internal static class LinearSolving
{
    /// <summary>Solves a programme.</summary>
    /// <param name="solver">It.</param>
    /// <param name="enough">Ends it without a solution.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Whether the optimum was found.</returns>
    public static bool Solves(this Solver solver, CancellationToken enough, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (enough.IsCancellationRequested)
        {
            return false;
        }

        Solver.ResultStatus status;
        using (new SolverStop(() => solver.InterruptSolve(), enough, cancellationToken))
        {
            status = solver.Solve();
        }

        cancellationToken.ThrowIfCancellationRequested();
        return status == Solver.ResultStatus.OPTIMAL;
    }
}
