using System.Globalization;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Polyphony.Dialogues;
using Polyphony.Storage.Accounts;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Ballots;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Jobs;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Mail;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Participants;
using Polyphony.Storage.Pools;
using Polyphony.Storage.Publication;
using Polyphony.Storage.Rooms;
using Polyphony.Storage.Statements;
using Polyphony.Storage.Tables;

namespace Polyphony.Storage;

/// <summary>The one model of everything that is saved; <see cref="SqliteDb"/> and <see cref="PostgresDb"/> map it.</summary>
public abstract class Db(DbContextOptions options) : IdentityUserContext<StaffMember, Guid>(options)
{
    public DbSet<RoleAssignment> RoleAssignments => Set<RoleAssignment>();

    public DbSet<StaffInvitation> StaffInvitations => Set<StaffInvitation>();

    public DbSet<Dialogue> Dialogues => Set<Dialogue>();

    public DbSet<Site> Sites => Set<Site>();

    public DbSet<Criterion> Criteria => Set<Criterion>();

    public DbSet<CriterionValue> CriterionValues => Set<CriterionValue>();

    public DbSet<Person> People => Set<Person>();

    public DbSet<PoolMember> PoolMembers => Set<PoolMember>();

    public DbSet<StagedUpload> StagedUploads => Set<StagedUpload>();

    public DbSet<Lottery> Lotteries => Set<Lottery>();

    public DbSet<AlternateList> AlternateLists => Set<AlternateList>();

    public DbSet<Participant> Participants => Set<Participant>();

    public DbSet<Consent> Consents => Set<Consent>();

    public DbSet<Credential> Credentials => Set<Credential>();

    public DbSet<Participation> Participations => Set<Participation>();

    public DbSet<Ballot> Ballots => Set<Ballot>();

    public DbSet<BallotReceipt> BallotReceipts => Set<BallotReceipt>();

    public DbSet<SessionCount> SessionCounts => Set<SessionCount>();

    public DbSet<PairCount> PairCounts => Set<PairCount>();

    public DbSet<PaperTally> PaperTallies => Set<PaperTally>();

    public DbSet<TabletTurn> TabletTurns => Set<TabletTurn>();

    public DbSet<SeatingPlanVersion> SeatingPlans => Set<SeatingPlanVersion>();

    public DbSet<Seat> Seats => Set<Seat>();

    public DbSet<SeatingDraft> SeatingDrafts => Set<SeatingDraft>();

    public DbSet<SeatingStep> SeatingSteps => Set<SeatingStep>();

    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<SiteBallot> SiteBallots => Set<SiteBallot>();

    public DbSet<Question> Questions => Set<Question>();

    public DbSet<Option> Options => Set<Option>();

    public DbSet<StatementVote> StatementVotes => Set<StatementVote>();

    public DbSet<Statement> Statements => Set<Statement>();

    public DbSet<StatementBallot> StatementBallots => Set<StatementBallot>();

    public DbSet<StatementParticipation> StatementParticipations => Set<StatementParticipation>();

    public DbSet<StatementViews> StatementViews => Set<StatementViews>();

    public DbSet<StatementLanguageSum> StatementLanguageSums => Set<StatementLanguageSum>();

    public DbSet<RoutingSum> RoutingSums => Set<RoutingSum>();

    public DbSet<HelpRequest> HelpRequests => Set<HelpRequest>();

    public DbSet<Release> Releases => Set<Release>();

    public DbSet<Job> Jobs => Set<Job>();

    public DbSet<JournalEntry> Journal => Set<JournalEntry>();

    public DbSet<OutgoingMail> OutgoingMails => Set<OutgoingMail>();

    /// <summary>Saves; entries of the journal get their place in the log on the way.</summary>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        await using IDbContextTransaction? transaction = await JournalSequence.AppendAsync(this, cancellationToken);
        int written = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        if (transaction is not null)
        {
            await transaction.CommitAsync(cancellationToken);
        }

        return written;
    }

    public override int SaveChanges(bool acceptAllChangesOnSuccess) => ChangeTracker.Entries<JournalEntry>().Any(entry => entry.State == EntityState.Added)
        ? throw new InvalidOperationException("Entries of the journal are saved by SaveChangesAsync.")
        : base.SaveChanges(acceptAllChangesOnSuccess);

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(Db).Assembly);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<LocalizedText>().HaveConversion<LocalizedTextConverter>();
        configurationBuilder.Properties<List<string>>().HaveConversion<WordListConverter, ListComparer<string>>();
        configurationBuilder.Properties<List<int>>().HaveConversion<NumberListConverter, ListComparer<int>>();
        Identifier<DialogueId>(configurationBuilder);
        Identifier<SiteId>(configurationBuilder);
        Identifier<CriterionId>(configurationBuilder);
        Identifier<PersonId>(configurationBuilder);
        Identifier<PoolMemberId>(configurationBuilder);
        Identifier<LotteryId>(configurationBuilder);
        Identifier<ParticipantId>(configurationBuilder);
        Identifier<SeatingPlanId>(configurationBuilder);
        Identifier<SessionId>(configurationBuilder);
        Identifier<QuestionId>(configurationBuilder);
        Identifier<OptionId>(configurationBuilder);
        Identifier<ReleaseId>(configurationBuilder);
        Identifier<StatementId>(configurationBuilder);
        Identifier<JobId>(configurationBuilder);
    }

    private static void Identifier<TId>(ModelConfigurationBuilder configurationBuilder) where TId : struct, IEntityId<TId> =>
        configurationBuilder.Properties<TId>().HaveConversion<IdentifierConverter<TId>>();

    private sealed class IdentifierConverter<TId>() : ValueConverter<TId, Guid>(id => id.Value, value => Wrap<TId>(value))
        where TId : struct, IEntityId<TId>;

    // An expression tree may not call a static abstract member itself.
    private static TId Wrap<TId>(Guid value) where TId : struct, IEntityId<TId> => TId.From(value);

    private sealed class LocalizedTextConverter() : ValueConverter<LocalizedText, string>(text => text.ToJson(), json => LocalizedText.FromJson(json));

    private sealed class WordListConverter() : ValueConverter<List<string>, string>(
        words => string.Join(',', words),
        text => text.Split(',', StringSplitOptions.RemoveEmptyEntries).ToList());

    private sealed class NumberListConverter() : ValueConverter<List<int>, string>(
        numbers => string.Join(',', numbers.Select(number => number.ToString(CultureInfo.InvariantCulture))),
        text => text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToList());

    private sealed class ListComparer<T>() : ValueComparer<List<T>>(
        (a, b) => a!.SequenceEqual(b!),
        list => list.Aggregate(0, (hash, item) => HashCode.Combine(hash, item)),
        list => list.ToList());
}
