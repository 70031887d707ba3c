using Polyphony.Sortition;

namespace Polyphony.Web.Draws;

/// <summary>The objectives by their names in forms, tables and manifests: lower case.</summary>
internal static class Objectives
{
    public static string NameOf(LotteryObjective objective) => objective.ToString().ToLowerInvariant();

    /// <summary>The objective of a saved lottery.</summary>
    public static LotteryObjective Of(string name) => Find(name) ?? throw new InvalidOperationException(name);

    public static LotteryObjective? Find(string name) => Enum.GetValues<LotteryObjective>().Cast<LotteryObjective?>().FirstOrDefault(objective => NameOf(objective!.Value) == name);

    /// <summary>Whether a panel may be drawn from such a lottery: the old greedy method is there to be compared with.</summary>
    public static bool MayBeFrozen(string name) => name != NameOf(LotteryObjective.Legacy);
}
