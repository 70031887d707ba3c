namespace Polyphony.Web.Shared.Figures;

/// <summary>One colour and one shape for each value: never colour alone.</summary>
internal static class FigureColours
{
    public static string Class(int position) => position < 0 ? "knone" : "k" + (position % 8);

    /// <summary>The mark of a value round a centre: circle, square, triangle, diamond in turn; without a value, an empty circle.</summary>
    public static string Path(int position, double x, double y, double r)
    {
        FormattableString path = (position < 0 ? -1 : position % 4) switch
        {
            -1 => $"M{x - r:0.##} {y:0.##}a{r:0.##} {r:0.##} 0 1 0 {2 * r:0.##} 0a{r:0.##} {r:0.##} 0 1 0 {-2 * r:0.##} 0zm{0.35 * r:0.##} 0a{0.65 * r:0.##} {0.65 * r:0.##} 0 1 1 {1.3 * r:0.##} 0a{0.65 * r:0.##} {0.65 * r:0.##} 0 1 1 {-1.3 * r:0.##} 0z",
            1 => $"M{x - r:0.##} {y - r:0.##}h{2 * r:0.##}v{2 * r:0.##}h{-2 * r:0.##}z",
            2 => $"M{x:0.##} {y - (1.2 * r):0.##}l{1.15 * r:0.##} {2.1 * r:0.##}h{-2.3 * r:0.##}z",
            3 => $"M{x:0.##} {y - (1.3 * r):0.##}l{1.3 * r:0.##} {1.3 * r:0.##}l{-1.3 * r:0.##} {1.3 * r:0.##}l{-1.3 * r:0.##} {-1.3 * r:0.##}z",
            _ => $"M{x - r:0.##} {y:0.##}a{r:0.##} {r:0.##} 0 1 0 {2 * r:0.##} 0a{r:0.##} {r:0.##} 0 1 0 {-2 * r:0.##} 0z",
        };
        return FormattableString.Invariant(path);
    }
}
