using System.Text.Json.Serialization;

namespace Polyphony.Cli.Draw;

/// <summary>What <c>draw check</c> writes.</summary>
/// <param name="Outcome"><c>feasible</c>.</param>
internal sealed record CheckAnswer(string Outcome, int People, int Size, int Types, IReadOnlyList<string> Uncoverable, double LeastChanceAtMost, double Seconds);

/// <summary>A quota as it should be changed.</summary>
internal sealed record ChangeAnswer(string Feature, string Value, int Min, int Max, int NewMin, int NewMax);

/// <summary>What a verb writes when no panel meets the quotas.</summary>
/// <param name="Outcome"><c>infeasible</c>, or <c>impossible</c> when no change within the flex bounds helps.</param>
/// <param name="Relaxations">Ways out, the cheapest first.</param>
internal sealed record InfeasibleAnswer(string Outcome, IReadOnlyList<IReadOnlyList<ChangeAnswer>> Relaxations);

/// <summary>What <c>draw lottery</c> writes.</summary>
/// <param name="Outcome"><c>computed</c> or <c>ended-by-limit</c>.</param>
/// <param name="Min">Least chance in the optimal lottery of anybody whom a panel can hold.</param>
/// <param name="Max">Greatest chance.</param>
/// <param name="Gini">Inequality of the chances, 0 to 1; those whom no panel can hold are left out.</param>
/// <param name="GeometricMean">Of the same chances.</param>
/// <param name="Gap">Relative, proven; null: nothing is proven (LEGACY).</param>
/// <param name="Types">Kinds of people who are equal in all that counts.</param>
/// <param name="Panels">Numbered panels.</param>
/// <param name="WorstChange">Greatest difference between a person's chance in the numbered panels and in the optimal lottery.</param>
/// <param name="ChangeBound">What the best numbered panels are known to stay below.</param>
/// <param name="Seconds">Wall time.</param>
/// <param name="Uncoverable">Ids of people whom no panel can hold.</param>
internal sealed record LotteryAnswer(
    string Outcome, string Objective, double Min, double Max, double Gini, double GeometricMean, double? Gap, int Types, int Panels, double WorstChange, double ChangeBound, double Seconds, IReadOnlyList<string> Uncoverable);

/// <summary>What <c>draw pick</c> writes.</summary>
internal sealed record PickAnswer(string Outcome, int Panel, string How, string ManifestHash, IReadOnlyList<string> Selected);

/// <summary>What <c>draw replace</c> writes.</summary>
internal sealed record ReplaceAnswer(string Outcome, int Staying, int Leaving, int Needed, double Min, double Max, double? Gap, IReadOnlyList<string> Selected);

/// <summary>One check and what came of it: <c>passed</c>, <c>failed</c> or <c>not performed</c>.</summary>
internal sealed record VerifyCheck(string Code, string State, string Meaning);

/// <summary>What <c>draw verify</c> writes.</summary>
/// <param name="Outcome"><c>holds</c> or <c>fails</c>.</param>
internal sealed record VerifyAnswer(string Outcome, IReadOnlyList<VerifyCheck> Checks, double Seconds);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(CheckAnswer))]
[JsonSerializable(typeof(InfeasibleAnswer))]
[JsonSerializable(typeof(LotteryAnswer))]
[JsonSerializable(typeof(PickAnswer))]
[JsonSerializable(typeof(ReplaceAnswer))]
[JsonSerializable(typeof(VerifyAnswer))]
internal sealed partial class DrawJson : JsonSerializerContext;
