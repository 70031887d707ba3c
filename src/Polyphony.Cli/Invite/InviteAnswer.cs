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

/// <summary>The answers, described at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(InviteAnswer))]
[JsonSerializable(typeof(FrozenAnswer))]
[JsonSerializable(typeof(VerifyInvitationAnswer))]
internal sealed partial class InviteJson : JsonSerializerContext;
