using Google.OrTools.LinearSolver;

namespace Polyphony.Sortition.Feasibility;

/// <summary>People in fractions, and by how much they may miss each rule at what cost: a linear programme (GLOP) that says where to look for whole people.</summary>
internal sealed class SlackPolytope : IDisposable
{
    private readonly Solver solver = Solver.CreateSolver("GLOP");
    private readonly Variable[] people;

    /// <summary>Writes the programme; at first no rule may be missed.</summary>
    /// <param name="types">The merged pool.</param>
    /// <param name="person">Somebody who must be among the people; −1: nobody.</param>
    public SlackPolytope(PanelTypes types, int person)
    {
        Lower = [.. types.Rows.Select(_ => solver.MakeNumVar(0, 0, ""))];
        Raise = [.. types.Rows.Select(_ => solver.MakeNumVar(0, 0, ""))];
        Under = solver.MakeNumVar(0, 0, "");
        Over = solver.MakeNumVar(0, 0, "");
        Shared = [.. types.Groups.Select(_ => solver.MakeNumVar(0, 0, ""))];
        Constraint size = solver.MakeConstraint(types.Pool.Size, types.Pool.Size, "");
        size.SetCoefficient(Under, 1);
        size.SetCoefficient(Over, -1);
        Constraint[] rows = [.. types.Rows.Select(row => solver.MakeConstraint(row.Min, row.Max, ""))];
        Constraint[] groups = [.. types.Groups.Select(group => solver.MakeConstraint(double.NegativeInfinity, group.Households, ""))];
        for (int r = 0; r < rows.Length; r++)
        {
            rows[r].SetCoefficient(Lower[r], 1);
            rows[r].SetCoefficient(Raise[r], -1);
        }

        for (int g = 0; g < groups.Length; g++)
        {
            groups[g].SetCoefficient(Shared[g], -1);
        }

        people = new Variable[types.Types.Count];
        for (int t = 0; t < people.Length; t++)
        {
            PersonType type = types.Types[t];
            people[t] = solver.MakeNumVar(type.People.Contains(person) ? 1 : 0, type.People.Count, "");
            size.SetCoefficient(people[t], 1);
            foreach (int row in type.Rows)
            {
                rows[row].SetCoefficient(people[t], 1);
            }

            if (type.Group >= 0)
            {
                groups[type.Group].SetCoefficient(people[t], 1);
            }
        }

        solver.Objective().SetMinimization();
    }

    /// <summary>For each quota row what its minimum lacks.</summary>
    public Variable[] Lower { get; }

    /// <summary>For each quota row what is above its maximum.</summary>
    public Variable[] Raise { get; }

    /// <summary>People who lack to the size.</summary>
    public Variable Under { get; }

    /// <summary>People above the size.</summary>
    public Variable Over { get; }

    /// <summary>For each group of households people above one each.</summary>
    public Variable[] Shared { get; }

    public void Dispose() => solver.Dispose();

    /// <summary>Lets a rule be missed.</summary>
    /// <param name="slack">One of the variables above.</param>
    /// <param name="most">By how much.</param>
    /// <param name="cost">What one person costs.</param>
    public void Let(Variable slack, double most, double cost)
    {
        slack.SetBounds(0, most);
        solver.Objective().SetCoefficient(slack, cost);
    }

    /// <summary>The least cost, and for each type the people who have it; null when there are none, as far as floating-point numbers can tell.</summary>
    public (double Cost, double[] People)? Solve() => solver.Solve() == Solver.ResultStatus.OPTIMAL
        ? (solver.Objective().Value(), [.. people.Select(variable => variable.SolutionValue())])
        : null;
}
