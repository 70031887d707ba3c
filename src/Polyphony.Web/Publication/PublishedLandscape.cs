using Polyphony.Dialogues;
using Polyphony.Statistics.Disclosure;

namespace Polyphony.Web.Publication;

/// <summary>The landscape of opinions as it is released: fixed when the vote on statements closed, through the gate, without anybody's place.</summary>
/// <param name="Topic">What the statements are about.</param>
/// <param name="Groups">The groups that are stable; none when there are no groups.</param>
/// <param name="Statements">Every statement that counts, with its votes overall and by group.</param>
/// <param name="Together">Numbers of the statements that every group agrees with.</param>
/// <param name="Rejected">Numbers of those that every group disagrees with.</param>
/// <param name="Apart">Numbers of those on which groups part, the widest first.</param>
public sealed record PublishedLandscape(
    LocalizedText Topic, IReadOnlyList<PublishedOpinionGroup> Groups, IReadOnlyList<PublishedStatement> Statements,
    IReadOnlyList<int> Together, IReadOnlyList<int> Rejected, IReadOnlyList<int> Apart);

/// <summary>A group of people who vote alike.</summary>
/// <param name="Name">A, B, C … by size.</param>
/// <param name="Size">Its people as released.</param>
/// <param name="Stability">How well it is found again when a part of the statements is left out, 0 to 1, to one decimal.</param>
/// <param name="Says">What it says and others do not.</param>
public sealed record PublishedOpinionGroup(string Name, ReleasedCell Size, double Stability, IReadOnlyList<PublishedTrait> Says);

/// <summary>A statement that a group agrees or disagrees with, more than others do.</summary>
public sealed record PublishedTrait(int Number, bool Agrees);

/// <summary>A statement with its votes: the options are agree, disagree and pass; no answer is "did not come to it".</summary>
public sealed record PublishedStatement(int Number, LocalizedText Text, bool IsAboutPeople, ResultTable Table);
