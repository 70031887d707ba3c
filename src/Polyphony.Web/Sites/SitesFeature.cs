using Polyphony.Web.Audiences;

namespace Polyphony.Web.Sites;

/// <summary>The places of a dialogue that meets at many: who they are, and files that are about all of them.</summary>
internal static class SitesFeature
{
    public static void MapSites(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder organiser = app.MapOrganiser();
        RouteGroupBuilder reader = app.MapStaffReader();
        ShowSites.Map(reader);
        EditSite.Map(organiser);
        ImportSites.Map(organiser);
        ImportSitedQuotas.Map(organiser);
        ImportSitedPool.Map(organiser);
        RecordInvited.Map(organiser);
        ShowRepresentation.Map(reader);
    }
}
