using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Sortition;
using Polyphony.Storage;
using Polyphony.Storage.Draws;
using Polyphony.Web.Audiences;
using Polyphony.Web.Jobs;

namespace Polyphony.Web.Draws;

/// <summary>Computes a fair lottery of numbered panels in the background. Every attempt is kept and shown.</summary>
internal static class ComputeLottery
{
    public const string Kind = "lottery";
    public const int Panels = 1_000;
    public const int FewestPanels = 10;
    public const int MostPanels = 100_000;

    /// <summary>Places on all panels together: what is published after a draw lists each of them.</summary>
    public const int MostPlaces = 1_000_000;

    private const int MostMinutes = 24 * 60;

    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapPost("/draw/compute", StartAsync).TakesForm();
        organiser.MapPost("/draw/stop", StopAsync).TakesForm();
    }

    private static async Task<IResult> StartAsync(HttpRequest request, DialogueScope scope, Db db, DrawDesk desk, JobQueue jobs, TimeProvider clock, CancellationToken cancellationToken)
    {
        string page = $"/organise/{scope.Dialogue.Slug}/draw";
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        if (Objectives.Find(form["objective"] is [{ Length: > 0 } named] ? named : Objectives.NameOf(LotteryObjective.Leximin)) is not { } objective)
        {
            return Results.Redirect(page + "?problem=objective");
        }

        int size = scope.Site?.PlannedParticipants ?? 0;
        if (size < 2)
        {
            return Results.Redirect(page + "?problem=no-size");
        }

        if (Whole(form["panels"], FewestPanels, MostPanels, Panels) is not { } panels || (long)panels * size > MostPlaces)
        {
            return Results.Redirect(page + "?problem=panels");
        }

        if (Whole(form["minutes"], 1, MostMinutes, 0) is not { } minutes)
        {
            return Results.Redirect(page + "?problem=minutes");
        }

        if (await desk.IsFrozenAsync(scope.DialogueId, cancellationToken))
        {
            return Results.Redirect(page + "?problem=frozen");
        }

        if (await db.PoolMembers.CountAsync(member => member.DialogueId == scope.DialogueId, cancellationToken) < size)
        {
            return Results.Redirect(page + "?problem=small-pool");
        }

        if (await jobs.NewestAsync(scope.DialogueId, Kind, cancellationToken) is { State: JobState.Waiting or JobState.Running })
        {
            return Results.Redirect(page);
        }

        DateTimeOffset now = clock.GetUtcNow();
        int attempts = await db.Lotteries.Where(lottery => lottery.DialogueId == scope.DialogueId).MaxAsync(lottery => (int?)lottery.Attempt, cancellationToken) ?? 0;
        Lottery attempt = new()
        {
            Id = new(Guid.CreateVersion7(now)),
            DialogueId = scope.DialogueId,
            Attempt = attempts + 1,
            Kind = LotteryKind.Panel,
            State = LotteryState.Computing,
            Objective = Objectives.NameOf(objective),
            PanelSize = size,
            PanelCount = panels,
            SecondsAllowed = minutes == 0 ? null : minutes * 60,
            CreatedAt = now,
        };
        db.Lotteries.Add(attempt);

        // A lottery that is computed again was looked at and not taken: the log says so, whatever the reason.
        if (await desk.NewestAsync(scope.DialogueId, LotteryKind.Panel, cancellationToken) is { State: LotteryState.Computed } passedOver)
        {
            db.Journal.Add(desk.Entry("lottery.discarded", passedOver, DrawDesk.AttemptFacts(passedOver), scope.Staff.Id));
        }

        db.Journal.Add(desk.Entry("lottery.started", attempt, DrawDesk.AttemptFacts(attempt), scope.Staff.Id));

        // Attempt and job are saved together: an attempt without a job would lock the pool for ever.
        await jobs.StartAsync(scope.DialogueId, Kind, attempt.Id.ToString(), cancellationToken);
        return Results.Redirect(page);
    }

    /// <summary>A whole number within limits; what is left blank has a usual value.</summary>
    private static int? Whole(string? text, int least, int most, int usual) => string.IsNullOrWhiteSpace(text)
        ? usual
        : int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most ? number : null;

    private static async Task<IResult> StopAsync(DialogueScope scope, JobQueue jobs, CancellationToken cancellationToken)
    {
        if (await jobs.NewestAsync(scope.DialogueId, Kind, cancellationToken) is { } job)
        {
            await jobs.StopAsync(scope.DialogueId, job.Id, cancellationToken);
        }

        return Results.Redirect($"/organise/{scope.Dialogue.Slug}/draw");
    }
}
