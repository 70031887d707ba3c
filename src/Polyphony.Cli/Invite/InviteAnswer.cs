using System.Text.Json.Serialization;

namespace Polyphony.Cli.Invite;

/// <summary>What <c>polyphony invite --json</c> answers.</summary>
/// <param name="Outcome"><c>done</c>.</param>
/// <param name="Letters">Letters drawn; 0 when only places were.</param>
/// <param name="Asked">Letters asked for.</param>
/// <param name="Short">Letters that could not be drawn.</param>
/// <param name="Rows">Rows of the register.</param>
/// <param name="Excluded">Rows that had a letter before.</param>
/// <param name="Strata">Strata, within places.</param>
/// <param name="Places">Places drawn.</param>
/// <param name="SameHousehold">Rows passed over for their household.</param>
/// <param name="ManifestHash">SHA-256 of manifest.json.</param>
internal sealed record InviteAnswer(string Outcome, long Letters, long Asked, long Short, long Rows, long Excluded, int Strata, int Places, int SameHousehold, string ManifestHash);

/// <summary>What <c>polyphony invite --freeze --json</c> answers.</summary>
/// <param name="Outcome"><c>frozen</c>.</param>
/// <param name="ManifestHash">SHA-256 of manifest.json.</param>
internal sealed record FrozenAnswer(string Outcome, string ManifestHash);

/// <summary>What <c>polyphony invite verify --json</c> answers.</summary>
/// <param name="Outcome"><c>holds</c> or <c>does-not-hold</c>.</param>
/// <param name="Faults">What is wrong.</param>
/// <param name="NotPerformed">Checks that were not performed.</param>
internal sealed record VerifyInvitationAnswer(string Outcome, IReadOnlyList<string> Faults, IReadOnlyList<string> NotPerformed);

/// <summary>What <c>polyphony invite letters --json</c> answers.</summary>
/// <param name="Outcome"><c>done</c>.</param>
/// <param name="Letters">How many letters.</param>
/// <param name="Files">In how many files.</param>
/// <param name="Languages">Letters by the language of their text.</param>
/// <param name="OtherLanguage">Of these in the first text because there is none in the person's language, or no language is known.</param>
internal sealed record LettersAnswer(string Outcome, int Letters, int Files, IReadOnlyDictionary<string, int> Languages, int OtherLanguage);

/// <summary>What <c>polyphony invite responses --json</c> answers.</summary>
/// <param name="Outcome"><c>done</c>.</param>
/// <param name="Invited">Letters sent.</param>
/// <param name="Responded">Letters answered.</param>
/// <param name="Rate">Answered of sent.</param>
/// <param name="Repeated">Answers that repeat a code and were not counted again.</param>
/// <param name="Criteria">Columns that make the strata.</param>
/// <param name="Batches">By batch.</param>
/// <param name="Strata">By stratum over all batches.</param>
internal sealed record ResponsesAnswer(string Outcome, long Invited, long Responded, decimal Rate, int Repeated, IReadOnlyList<string> Criteria, IReadOnlyList<BatchResponse> Batches, IReadOnlyList<StratumResponse> Strata);

/// <summary>What a batch brought.</summary>
internal sealed record BatchResponse(string Batch, long Invited, long Responded, decimal Rate);

/// <summary>What a stratum answered.</summary>
/// <param name="Expected">The rate mixed with letters of the overall rate, see <see cref="Sortition.Invitations.ResponseFactor"/>.</param>
/// <param name="Factor">Letters relative to rows in the next batch.</param>
internal sealed record StratumResponse(IReadOnlyList<string> Values, long Invited, long Responded, decimal Rate, decimal Expected, decimal Factor);

/// <summary>The answers, described at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(InviteAnswer))]
[JsonSerializable(typeof(FrozenAnswer))]
[JsonSerializable(typeof(VerifyInvitationAnswer))]
[JsonSerializable(typeof(ResponsesAnswer))]
[JsonSerializable(typeof(LettersAnswer))]
internal sealed partial class InviteJson : JsonSerializerContext;
