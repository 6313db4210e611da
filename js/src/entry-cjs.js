import { pathToFileURL } from "node:url";

import makeGo from "isojot:wasm_exec";

import { nodeFiles } from "./server/nodefiles.js";
import { defineInputFile } from "./server/inputfile.js";
import { definePackage } from "./package.js";
import { serverPlatform } from "./server/serverplatform.js";
// begin imports: go run ./internal/gen
import {
  Account, Activities, Adapter, Advisor, Apps, AppwriteException, AttributeStatus, AuthenticationFactor, AuthenticatorType,
  Avatars, BackupServices, Backups, BillingPlanGroup, Browser, BrowserPermission, BrowserTheme, BuildRuntime, Channel,
  ColumnStatus, Compression, Condition, CreditCard, DatabaseStatus, DatabaseType, Databases, DatabasesIndexType,
  DeploymentDownloadType, DeploymentStatus, DocumentsDB, ExecutionMethod, ExecutionResourceType, ExecutionStatus,
  ExecutionTrigger, Flag, Framework, Functions, Graphql, ID, IdTokenProvider, ImageFormat, ImageGravity, IndexStatus, Locale,
  MessagePriority, MessageStatus, Messaging, MessagingProviderType, OAuth2GooglePrompt, OAuth2OidcPrompt, OAuthProvider, Oauth2,
  Operator, OrderBy, Organization, OrganizationKeyScopes, PasswordHash, Permission, PlatformType, Presences, Project,
  ProjectAuthMethodId, ProjectEmailTemplateId, ProjectEmailTemplateLocale, ProjectKeyScopes, ProjectOAuth2GooglePrompt,
  ProjectOAuth2OidcPrompt, ProjectOAuthProviderId, ProjectPolicyId, ProjectProtocolId, ProjectSMTPSecure, ProjectServiceId, Proxy,
  ProxyResourceType, ProxyRuleDeploymentResourceType, ProxyRuleStatus, Query, Realtime, Region, RelationMutate, RelationshipType,
  Role, Runtime, Sites, SmtpEncryption, StatusCode, Storage, TablesDB, TablesDBIndexType, Teams, TemplateReferenceType, Timezone,
  Tokens, Users, VCSReferenceType, VectorsDB, Webhooks,
} from "./servers.js";
// end imports

const InputFile = defineInputFile(nodeFiles);
// Rather than exports, of which esbuild makes properties by a descriptor and a
// loop that take what somebody has put on Object.prototype for theirs. Node finds
// the names in the object below.
const { Client, clientFromFunction, createServerClient, decodeJWT, dispose, init, preload, stats } = definePackage({
  __proto__: null,
  makeGo,
  version: __ISOJOT_VERSION__,
  global: globalThis,
  // As in entry-node.js; CommonJS has no import.meta.
  defaultURL: () => String(new URL("./isojot.wasm", pathToFileURL(__filename))),
  ...nodeFiles,
  ...serverPlatform,
});

module.exports = {
  // begin names: go run ./internal/gen
  Account, Activities, Adapter, Advisor, Apps, AppwriteException, AttributeStatus, AuthenticationFactor, AuthenticatorType,
  Avatars, BackupServices, Backups, BillingPlanGroup, Browser, BrowserPermission, BrowserTheme, BuildRuntime, Channel,
  ColumnStatus, Compression, Condition, CreditCard, DatabaseStatus, DatabaseType, Databases, DatabasesIndexType,
  DeploymentDownloadType, DeploymentStatus, DocumentsDB, ExecutionMethod, ExecutionResourceType, ExecutionStatus,
  ExecutionTrigger, Flag, Framework, Functions, Graphql, ID, IdTokenProvider, ImageFormat, ImageGravity, IndexStatus, Locale,
  MessagePriority, MessageStatus, Messaging, MessagingProviderType, OAuth2GooglePrompt, OAuth2OidcPrompt, OAuthProvider, Oauth2,
  Operator, OrderBy, Organization, OrganizationKeyScopes, PasswordHash, Permission, PlatformType, Presences, Project,
  ProjectAuthMethodId, ProjectEmailTemplateId, ProjectEmailTemplateLocale, ProjectKeyScopes, ProjectOAuth2GooglePrompt,
  ProjectOAuth2OidcPrompt, ProjectOAuthProviderId, ProjectPolicyId, ProjectProtocolId, ProjectSMTPSecure, ProjectServiceId, Proxy,
  ProxyResourceType, ProxyRuleDeploymentResourceType, ProxyRuleStatus, Query, Realtime, Region, RelationMutate, RelationshipType,
  Role, Runtime, Sites, SmtpEncryption, StatusCode, Storage, TablesDB, TablesDBIndexType, Teams, TemplateReferenceType, Timezone,
  Tokens, Users, VCSReferenceType, VectorsDB, Webhooks,
  // end names
  Client, clientFromFunction, createServerClient, decodeJWT, dispose, init, preload, stats, InputFile,
};
Object.defineProperty(module.exports, "__esModule", { __proto__: null, value: true });
