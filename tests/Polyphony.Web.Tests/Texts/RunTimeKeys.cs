using System.Reflection;
using Polyphony.Dialogues;
using Polyphony.Proofs;
using Polyphony.Seating;
using Polyphony.Sortition;
using Polyphony.Statistics.Change;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Disclosure;
using Polyphony.Web.Draws;
using Polyphony.Web.Mandates;
using Polyphony.Web.Recruitment;
using Polyphony.Web.Tables;
using Polyphony.Web.Votes;

namespace Polyphony.Web.Tests.Texts;

/// <summary>Where the codes come from that are put into keys at run time: enums, constants, and the source that makes them.</summary>
internal static class RunTimeKeys
{
    /// <summary>Codes by which a draw down the order ends without a draw.</summary>
    private const string OfAnOrder = @"\(null, ""([a-z-]+)""\)";

    /// <summary>Every pattern with all values it can take. A pattern in the source that is not named here fails a test.</summary>
    /// <remarks>A pattern marked optional is looked up with <c>T.Has</c> first: its texts may be there or not.</remarks>
    public static IReadOnlyDictionary<string, (string[] Codes, bool Optional)> Of(WebSource source)
    {
        Dictionary<string, (string[], bool)> keys = new(StringComparer.Ordinal);
        void Add(string pattern, params string[] codes) => keys.Add(pattern, (codes, false));

        Add("accounts.*", source.FieldNames("Accounts/"));
        Add("accounts.role.*", Names<DialogueRole>());
        Add("accounts.sign-in.*", [.. source.LiteralsIn("Accounts/SignIn.cs", @"Page\(back, email, [^;]*;")]);
        Add("agendas.*", source.FieldNames("Agendas/"));
        Add("agendas.file.*", source.Find("Agendas/", @"\((?:place|at|""""|broken!), ""([a-z-]+)""\)"));
        Add("agendas.kind.*", Names<QuestionKind>());
        Add("agendas.problem.*", source.RedirectCodes("Agendas/", "problem"));
        Add("agendas.session.kind.*", Names<SessionKind>());
        Add("agendas.state.*", Names<BallotState>());
        Add("checkin.done.*", Names<Attendance>());
        Add("checkin.mark.*", Names<Attendance>());
        Add("checkin.problem.*", [.. source.Find("Rooms/CheckIn.cs", @"""(unknown-code|no-code|voting-link|not-expected|no-answer-yet)"""), .. source.RedirectCodes("Rooms/CheckIn.cs", "problem"), .. source.RedirectCodes("Rooms/PassPlaceOn.cs", "problem")]);
        Add("checkin.show.*", Names<Attendance>());
        Add("checkin.state.*", Names<Attendance>());
        Add("draws.end.*", ["unexpected", .. source.Find("", @"(?:EndAsync\(lottery, |EndCode = )""([a-z-]+)"""), .. source.Find("Participants/ReplaceParticipants.cs", OfAnOrder)]);
        Add("draws.kind.*", Names<LotteryKind>());
        Add("draws.objective.*", Names<LotteryObjective>());
        Add("draws.objective.*.what", Names<LotteryObjective>());
        Add("draws.objective.*.means", Names<LotteryObjective>());
        Add("draws.problem.*", ["other", .. source.RedirectCodes("Draws/", "problem"), .. source.Find("Draws/HoldCeremony.cs", @"""problem=([a-z-]+)""|""(three-dice|too-few-bits)"""), .. source.RedirectCodes("Participants/ReplaceParticipants.cs", "problem"), .. source.Find("Participants/ReplaceParticipants.cs", OfAnOrder), .. source.RedirectCodes("Participants/ReplaceByLottery.cs", "problem")]);
        Add("draws.files.take.*", nameof(LotteryKind.Panel), nameof(LotteryKind.Replacement));
        Add("draws.files.published.*", nameof(LotteryKind.Panel), nameof(LotteryKind.Replacement));
        Add("draws.public.record.*", nameof(LotteryKind.Panel), nameof(LotteryKind.Replacement));
        Add("draws.why.*", nameof(LimitKind.Minimum), nameof(LimitKind.Maximum));
        Add("draws.source.kind.*", [.. Enum.GetValues<DrawSourceKind>().Select(DrawDesk.KindName)]);
        Add("draws.state.*", Names<LotteryState>());
        Add("verify.check.*", [.. DrawVerifier.Codes]);
        Add("verify.missing.*", "anchor", "times", "chance", "panels", "person", "before", "log", "signature", "quotas");
        Add("verify.check.letters.*", "form", "manifest", "manifest-hash", "randomness", "seed", "places", "letters", "register");
        Add("verify.missing.letters.*", "manifest", "seed", "places", "letters", "register");
        Add("verify.state.*", "passed", "failed", "not-performed");
        Add("verify.here.*", nameof(LotteryKind.Panel), nameof(LotteryKind.Replacement));
        Add("draws.values.*", [.. Enum.GetValues<DrawSourceKind>().Select(DrawDesk.KindName)]);
        Add("facilitate.problem.*", source.Find("Facilitation/GiveTurn.cs", @"""(not-open|voting-link|no-code|unknown-code|not-here|not-expected)"""));
        Add("insights.verdict.*", Names<ChangeVerdict>());
        Add("insights.total.*", Names<TotalKind>());
        Add("insights.said.*", "apart", "together", "rejected");
        Add("insights.said.by.*", "site", "country", "language");
        Add("insights.said.column.*", "site", "country", "language");
        Add("insights.said.none.*", "site", "language");
        Add("insights.said.hidden.*", "site", "country", "language");
        Add("job.*", source.Find("", @"const string Kind = ""([a-z-]+)"""));
        keys.Add("job.step.*", (["feasibility", "chances", "mixing", "panels", "reasons", "one-by-one", "together"], true));
        Add("job.failed.*", ["unexpected", .. source.Find("", @"return await EndAsync\(lottery, ""([a-z-]+)""\)"), .. source.Find("Participants/", @"return ""(alternates\.[a-z-]+)"""), .. source.Find("Tables/", @"""(seating\.[a-z-]+)"""), .. Constants(typeof(SeatingRefusalCodes))]);
        Add("mandates.*", [.. MandateForm.LocalizedFields, .. MandateForm.ConsentFields, .. source.FieldNames("Mandates/")]);
        keys.Add("mandates.*.hint", ([.. MandateForm.LocalizedFields], true));
        Add("mandates.decisionRule.*", Names<DecisionRule>());
        Add("overview.need.*", source.LiteralsIn("Mandates/DialogueOverview.cs", @"needs\.Add\([^;]*;"));
        Add("paper.notice.*", source.RedirectCodes("Votes/EnterPaper.cs", "notice"));
        Add("paper.obstacle.*", source.LiteralsIn("Votes/EnterPaper.cs", @"string\? Obstacle =>[^;]*;"));
        Add("paper.state.*", Names<PaperState>());
        Add("paper.state.what.*", nameof(PaperState.Equal), nameof(PaperState.Different));
        Add("participants.answer.*", source.LiteralsIn("Participants/ParticipantsPage.razor", @"string\[\] Answers\(.*?\};"));
        Add("participants.invitation.notice.*", ["consent", "read-again", .. source.RedirectCodes("Participants/AnswerInvitation.cs", "problem"), .. Constants(typeof(Web.Participants.ReturningToPlace))]);
        Add("participants.notice.*", [.. source.RedirectCodes("Participants/", "notice"), .. source.Find("Participants/", @"""notice=([a-z-]+)""")]);
        Add("participants.contact.*", Names<Polyphony.Web.Participants.ContactStatus>());
        Add("participants.several.step.*", Names<Web.Participants.SeveralStep>());
        Add("participants.several.what.*", [.. Names<Web.Participants.SeveralStep>().Except([nameof(Web.Participants.SeveralStep.Badges)])]);
        Add("participants.several.do.*", [.. Names<Web.Participants.SeveralStep>().Except([nameof(Web.Participants.SeveralStep.Badges)])]);
        Add("participants.several.left-out.*", source.LiteralsIn("Participants/ChangeSeveral.cs", @"string\? Obstacle\(.*?\};"));
        Add("participants.several.problem.*", "changed", "deadline", "mandate");
        string[] locks = source.LiteralsIn("Recruitment/PoolDesk.cs", @"LockedAsync\([^;]*;");
        Add("pool.column.*", source.Find("Recruitment/PoolPreviewPage.razor", @"\(""([a-z]+)"", Model\.Mapping"));
        Add("pool.column.*.hint", source.Find("Recruitment/PoolPreviewPage.razor", @"\(""([a-z]+)"", Model\.Mapping"));
        Add("pool.locked.*", locks);
        Add("pool.notice.*", [.. locks, Web.Recruitment.UploadedSheet.Gone, .. Redirects(source, "ShowPool", "ImportPool", "EditPerson")]);
        Add("problem.*", [.. source.FieldCodes(""), .. source.Find("Accounts/", @"""(password-[a-z-]+|reset-expired)"""), .. Constants(typeof(SeatingRefusalCodes))]);
        Add("quotas.*", source.Find("Recruitment/QuotasPage.razor", @"\(""([a-zA-Z]+)"", value\."));
        Add("quotas.notice.*", [.. locks, Web.Recruitment.UploadedSheet.Gone, .. Redirects(source, "EditQuotas", "RelaxQuotas", "ImportQuotas")]);
        Add("quotas.limit.*", Names<LimitKind>());
        Add("quotas.option.*", Names<OptionKind>());
        Add("rail.*", [.. Names<JourneyStop>().Select(name => name.ToLowerInvariant())]);
        Add("rail.state.*", source.LiteralsIn("Audiences/JourneyRail.razor", @"string state = [^;]*;"));
        Add("representation.stage.*", Names<Statistics.Representation.FunnelStage>());
        Add("reseat.notice.*", [.. source.RedirectCodes("Rooms/ReseatPeople.cs", "notice"), .. source.Find("Rooms/ReseatPeople.cs", @"""(does-not-fit)""")]);
        Add("room.ballot.*", Names<BallotState>());
        Add("room.due.*", "help", "open", "close", "paper", "unentered");
        Add("room.notice.*", source.Find("Votes/CloseBallot.cs", @"Back\(scope, session, (?:any \? null : )?""([a-z-]+)""\)"));
        Add("room.place.*", Names<Polyphony.Web.Rooms.SlotPlace>());
        Add("rooms.*", source.LiteralsIn("Audiences/StaffShell.razor", @"(?<=\(""[a-z]+"", )\[""[^\]]*\]"));
        Add("sheets.problem.*", [.. source.Find("Polyphony.Sheets/SiteSheet.cs", @"Wrong\(""([a-z-]+)""").Union(source.Find("", @"new SheetProblem\(\s*(?:[^""(,]*\? *)?""([a-z-]+)""(?: : ""([a-z-]+)"")?"))]);
        Add("sites.*", source.FieldNames("Sites/"));
        Add("sites.locked.*", locks);
        Add("sites.notice.*", [.. locks, Web.Recruitment.UploadedSheet.Gone, .. source.RedirectCodes("Sites/", "problem"), .. source.RedirectCodes("Sites/", "notice")]);
        Add("sites.file.*", "sites", "quotas", "pool");
        Add("sites.file.*.what", "sites", "quotas", "pool");
        Add("sites.preview.*", "quotas", "pool");
        Add("sites.preview.*.confirm", "quotas", "pool");
        Add("sites.preview.*.first", "quotas", "pool");
        Add("tables.breach.*", Constants(typeof(SeatingRules)));
        Add("tables.mode.*", Names<CriterionMode>());
        Add("tables.notice.*", [.. source.RedirectCodes("Tables/", "notice"), "other", "move", "pinned", "changed", "planning", "too-few"]);
        Add("tables.reason.*", "planned", "repaired", "edited", SeatingDesk.Undone);
        Add("tables.rule.*", Constants(typeof(SeatingRules)));
        Add("tables.value.*", Names<MeetingValue>());
        Add("tables.value.what.*", Names<MeetingValue>());
        string[] failures = [.. source.LiteralsIn("Hosting/FailurePages.cs", @"private static string Name\([^;]*;").Where(word => word is "link" or "turn" or "invitation"), .. Polyphony.Web.Hosting.FailurePages.Worded.Select(status => status.ToString(System.Globalization.CultureInfo.InvariantCulture))];
        Add("failure.*.title", failures);
        Add("failure.*.what", failures);
        Add("failure.*.do", failures);
        Add("hosting.problem.*", [.. source.LiteralsIn("Hosting/StartProblems.cs", @"problems\.Add\(new\([^;]*;").Where(word => System.Text.RegularExpressions.Regex.IsMatch(word, "^[a-z][a-z-]+$") && word != "urls")]);
        Add("hosting.doctor.*", [.. source.LiteralsIn("Hosting/Doctor.cs", @"(?:new\(|: )Grade\.[^;]*;").Concat(source.LiteralsIn("Journal/ExamineJournal.cs", @"Grade\.[^;]*;")).Concat(source.LiteralsIn("Hosting/MailServer.cs", @"new\(Grade\.[^;]*;|string\? Code\(.*?\};")).Where(word => System.Text.RegularExpressions.Regex.IsMatch(word, "^[a-z][a-z-]+$") && word is not "value" and not "why" and not "size" and not "n" and not "other" and not "u").Distinct()]);
        Add("hosting.grade.*", Names<Polyphony.Web.Hosting.Grade>());
        Add("results.form.*", Names<AnswerForm>());
        Add("results.notice.*", source.RedirectCodes("Publication/", "notice"));
        Add("results.refusal.*", source.Find("Publication/", @"new Refusal\(\w+, (?:sites\.Count == 1 \? ""([a-z-]+)"" : )?""([a-z-]+)"""));
        Add("results.withheld.*", Constants(typeof(WithheldReasons)));
        Add("landscape.*", "together", "rejected", "apart");
        Add("landscape.*.what", "together", "rejected", "apart");
        Add("slate.rule.*", Names<SlateRule>());
        Add("slate.rule.*.what", Names<SlateRule>());
        Add("slate.reason.*", [.. Names<Statistics.Selection.SlateReason>().Except(["Together"])]);
        Add("slate.certificate.*", Names<Statistics.Selection.Certificate>());
        Add("slate.promise.*", "jr", "pjr", "ejr");
        Add("statements.routing.*", Names<Statistics.Routing.RoutingState>());
        Add("statements.twin.*", Names<StatementState>());
        Add("statements.*", Names<StatementChoice>());
        Add("statements.state.*", Names<StatementState>());
        Add("statements.vote.*", Names<BallotState>());
        Add("statements.reason.*", Names<RejectionReason>());
        Add("statements.refused.*", ["lines", "length", "not-closed", UploadedSheet.Gone, .. source.RedirectCodes("Statements/ImportStatements.cs", "problem"), .. source.RedirectCodes("Statements/ModerateStatements.cs", "problem"), .. source.RedirectCodes("Statements/CloseStatements.cs", "problem")]);
        keys.Add("statements.notice.*", ([.. source.RedirectCodes("Statements/", "notice")], true));
        keys.Add("statements.problem.*", (["choose", "other", .. source.Find("Statements/StatementDesk.cs", @"""(too-short|too-long|takes-none|enough|not-open|not-confirmed|new-link|unknown-statement)""")], true));
        Add("votes.state.*", Names<BallotState>());
        Add("votes.voted.*", Names<BallotState>());
        Add("votes.hindrance.*", source.Find("Votes/RightToVote.cs", @"=> ""([a-z-]+)"""));
        keys.Add("votes.problem.*", (["choose", "too-many", "busy", "other", "ballot-not-open", "voted-otherwise", "link-not-valid", "idempotency-key-missing", "idempotency-key-reused"], true));
        Add("tablet.end.*", source.Find("Votes/TakeTurn.cs", @"""(used|expired|voted-otherwise|ballot-not-open|link-not-valid)"""));
        Add("rehearsal.step.*", source.Find("Rehearsal/RehearsalStage", @"(?:StepAsync|new RehearsalStep)\(""([a-z]+)"""));
        string[] mails = source.Find("Participants/", @"""(participants\.mail\.[a-z]+)""");
        Add("*.subject", mails);
        Add("*.body", mails);
        return keys;
    }

    private static IEnumerable<string> Redirects(WebSource source, params string[] files) =>
        files.SelectMany(file => (string[])[.. source.RedirectCodes($"Recruitment/{file}.cs", "problem"), .. source.RedirectCodes($"Recruitment/{file}.cs", "notice")]).Distinct();

    private static string[] Names<TEnum>()
        where TEnum : struct, Enum => Enum.GetNames<TEnum>();

    private static string[] Constants(Type codes) => [.. codes.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)];
}
