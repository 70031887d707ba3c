using Polyphony.Dialogues;
using Polyphony.Statistics.Disclosure;
using Polyphony.Statistics.Selection;

namespace Polyphony.Web.Publication;

/// <summary>The landscape of opinions as it is released: fixed when the vote on statements closed, through the gate, without anybody's place.</summary>
/// <param name="Topic">What the statements are about.</param>
/// <param name="Groups">The groups that are stable; none when there are no groups.</param>
/// <param name="Statements">Every statement that counts, with its votes overall and by group.</param>
/// <param name="Together">Numbers of the statements that every group agrees with.</param>
/// <param name="Rejected">Numbers of those that every group disagrees with.</param>
/// <param name="Apart">Numbers of those on which groups part, the widest first.</param>
/// <param name="Slate">The few that speak for many; null when there are none to choose from, and in what was published before there was one.</param>
public sealed record PublishedLandscape(
    LocalizedText Topic, IReadOnlyList<PublishedOpinionGroup> Groups, IReadOnlyList<PublishedStatement> Statements,
    IReadOnlyList<int> Together, IReadOnlyList<int> Rejected, IReadOnlyList<int> Apart, PublishedSlate? Slate = null);

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

/// <summary>A few statements that speak for many.</summary>
/// <param name="Rule">By which rule they were chosen; set before the vote closed.</param>
/// <param name="Size">How many were asked for.</param>
/// <param name="Members">In the order in which they were chosen.</param>
/// <param name="Coverage">Who agrees with one at least, who saw one and agrees with none; no answer is "saw none". Everybody may see the first, staff all of it and by group.</param>
/// <param name="Jr">Whether everybody of a group large and united enough for one has one.</param>
/// <param name="Pjr">The same for groups large enough for several, together.</param>
/// <param name="Ejr">The same for groups large enough for several: one of them has all of those by himself.</param>
/// <param name="Beside">What each group supports most and is not among them.</param>
/// <param name="NotReady">Statements that too few people came to: they could not be chosen. Null in what everybody may see.</param>
public sealed record PublishedSlate(
    SlateRule Rule, int Size, IReadOnlyList<PublishedSlateMember> Members, ResultTable Coverage, Certificate Jr, Certificate Pjr, Certificate Ejr, IReadOnlyList<PublishedBeside> Beside, int? NotReady);

/// <summary>A chosen statement.</summary>
/// <param name="Reason">How it came in.</param>
/// <param name="Payers">Who paid for it, of everybody and of each group: paid, did not; null where the rule has no payments, and in what everybody may see.</param>
public sealed record PublishedSlateMember(int Number, SlateReason Reason, ResultTable? Payers);

/// <summary>What a group supports most and is not on the slate.</summary>
/// <param name="Group">Its name; null for everybody where there are no groups.</param>
public sealed record PublishedBeside(string? Group, IReadOnlyList<int> Numbers);
