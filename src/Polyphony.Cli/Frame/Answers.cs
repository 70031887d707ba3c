using System.Text.Json.Serialization;

namespace Polyphony.Cli.Frame;

/// <summary>What <c>--json</c> writes for bad input.</summary>
/// <param name="Outcome"><c>bad-input</c>.</param>
/// <param name="Count">How many problems there are, listed or not.</param>
/// <param name="Problems">The problems.</param>
internal sealed record BadInputAnswer(string Outcome, int Count, IReadOnlyList<ProblemAnswer> Problems);

/// <summary>One problem.</summary>
/// <param name="Code">Stable code.</param>
/// <param name="File">The file, empty for an option.</param>
/// <param name="Row">Row in the file, the first being 1.</param>
/// <param name="Column">Header of the column.</param>
/// <param name="Value">What stands there.</param>
/// <param name="Expected">What would be right.</param>
/// <param name="Message">The sentence.</param>
internal sealed record ProblemAnswer(string Code, string File, int? Row, string? Column, string? Value, string? Expected, string Message);

/// <summary>What <c>--json</c> writes when there is no answer: <c>interrupted</c>, <c>not-written</c>, <c>undecided</c> and other limits.</summary>
internal sealed record EndAnswer(string Outcome, string Message);

/// <summary>Every answer of the frame, described at build time: reflection would cost more than the work itself.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Serialization, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BadInputAnswer))]
[JsonSerializable(typeof(EndAnswer))]
internal sealed partial class AnswerJson : JsonSerializerContext;
