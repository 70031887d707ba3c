namespace Polyphony.Web.Shared.Figures;

/// <summary>Dots on a line that would cover each other, stacked above and below it: forty sites with one rounded share are forty dots.</summary>
/// <param name="Height">Of the figure, in the units of its 600 across.</param>
/// <param name="Radius">Of a dot; smaller where many stand on each other.</param>
/// <param name="Offsets">How far each dot stands from the middle, in the order of the dots.</param>
internal sealed record DotStack(double Height, double Radius, IReadOnlyList<double> Offsets)
{
    private const double Usual = 34;
    private const int ManyLevels = 5;

    /// <param name="across">Where the dots stand along the line.</param>
    public static DotStack Of(IReadOnlyList<double> across) => Of(across, 6.5) is { } large && large.Height <= Usual + (2 * ManyLevels * 6.5) ? large : Of(across, 4);

    private static DotStack Of(IReadOnlyList<double> across, double radius)
    {
        List<List<double>> levels = [];
        List<double> offsets = [];
        foreach (double x in across)
        {
            int level = levels.FindIndex(dots => dots.TrueForAll(other => Math.Abs(other - x) >= 2 * radius));
            if (level < 0)
            {
                level = levels.Count;
                levels.Add([]);
            }

            levels[level].Add(x);

            // 0, 1 above, 1 below, 2 above …
            offsets.Add((level % 2 == 1 ? -1 : 1) * ((level + 1) / 2) * ((2 * radius) + 0.5));
        }

        return new(Math.Max(Usual, 2 * ((levels.Count / 2 * ((2 * radius) + 0.5)) + radius + 2)), radius, offsets);
    }

    public double Middle => Height / 2;
}
